import { type ComponentPropsWithoutRef } from 'react'

import { classNames } from './class-names.ts'
import styles from './field.module.css'
import { readTimeOfDay } from './time-of-day.ts'

interface TimeInputProps extends Omit<ComponentPropsWithoutRef<'input'>, 'onChange'> {
  value: string
  /** Whether it is when something ends, which midnight may be. */
  isEnd?: boolean
  onChange: (typed: string) => void
}

/** A time of day, as people type it; written out in full when they leave it. */
export function TimeInput({ value, isEnd = false, onChange, ...rest }: TimeInputProps) {
  return (
    <input
      {...rest}
      className={classNames(styles.input, styles.time)}
      inputMode="numeric"
      maxLength={5}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onBlur={() => {
        const read = readTimeOfDay(value, isEnd)
        if (read !== null && read !== value) onChange(read)
      }}
    />
  )
}
