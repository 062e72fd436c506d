import { type ReactNode, useId } from 'react'

import { useTranslate } from '../i18n/use-translate.tsx'
import styles from './segments.module.css'

interface Segment<Value extends string> {
  value: Value
  label: ReactNode
  /** Marked: something there is not saved. */
  isUnsaved?: boolean
}

/** One of a few, side by side. */
export function Segments<Value extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string
  value: Value
  options: readonly Segment<Value>[]
  onChange: (value: Value) => void
}) {
  const t = useTranslate()
  const unsavedId = useId()
  return (
    <div className={styles.segments} role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          className={styles.segment}
          aria-pressed={option.value === value}
          {...(option.isUnsaved ? { 'data-unsaved': true, 'aria-describedby': unsavedId } : {})}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
      {options.some(({ isUnsaved }) => isUnsaved) && (
        <span id={unsavedId} hidden>
          {t('form.unsaved')}
        </span>
      )}
    </div>
  )
}
