import { useId } from 'react'

import { classNames } from './class-names.ts'
import styles from './field.module.css'

/** Asked once: there are some four hundred. */
const ZONES = Intl.supportedValuesOf('timeZone')

/** A time zone by its name, found by any part of it. */
export function TimeZoneInput({
  value,
  onChange,
  ...rest
}: {
  value: string
  onChange: (name: string) => void
  id?: string
  'data-field'?: string
  'aria-describedby'?: string
  'aria-invalid'?: boolean
}) {
  const listId = useId()
  return (
    <>
      <input
        {...rest}
        className={classNames(styles.input, styles.zone)}
        list={listId}
        maxLength={50}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={listId}>
        {ZONES.map((zone) => (
          <option key={zone} value={zone}>
            {zone}
          </option>
        ))}
      </datalist>
    </>
  )
}
