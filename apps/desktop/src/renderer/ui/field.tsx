import { type ReactNode, useId } from 'react'

import { classNames } from './class-names.ts'
import styles from './field.module.css'

export interface FieldProps {
  label: string
  hint?: string | undefined
  /** What is wrong with it, in words. */
  problem?: string | undefined
}

/** By these its control is known to belong to its words. */
export interface FieldIds {
  id: string
  'aria-describedby': string
  'aria-invalid': boolean
}

/** A label, its control, what it means, and what is wrong with it. */
export function Field({
  label,
  hint,
  problem,
  children,
}: FieldProps & { children: (ids: FieldIds) => ReactNode }) {
  const id = useId()
  const describedBy = `${id}-words`
  const isWrong = problem !== undefined
  return (
    <div className={classNames(styles.field, isWrong && styles.wrong)}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.control}>
        {children({ id, 'aria-describedby': describedBy, 'aria-invalid': isWrong })}
      </div>
      <p className={styles.words} id={describedBy} role={isWrong ? 'alert' : undefined}>
        {problem ?? hint}
      </p>
    </div>
  )
}

/** Several controls under one name. */
export function FieldGroup({
  label,
  hint,
  problem,
  children,
}: FieldProps & { children: ReactNode }) {
  const id = useId()
  const isWrong = problem !== undefined
  return (
    <div
      className={classNames(styles.field, isWrong && styles.wrong)}
      role="group"
      aria-labelledby={id}
      aria-describedby={`${id}-words`}
    >
      <span className={styles.label} id={id}>
        {label}
      </span>
      <div className={styles.stack}>{children}</div>
      <p className={styles.words} id={`${id}-words`} role={isWrong ? 'alert' : undefined}>
        {problem ?? hint}
      </p>
    </div>
  )
}
