import { type ReactNode, useId } from 'react'

import { classNames } from './class-names.ts'
import styles from './field.module.css'

export interface FieldProps {
  label: string
  hint?: string | undefined
  /** What is wrong with it, in words. */
  problem?: string | undefined
}

/** A label, its control, what it means, and what is wrong with it. */
export function Field({
  label,
  hint,
  problem,
  children,
}: FieldProps & { children: (ids: { id: string; describedBy: string }) => ReactNode }) {
  const id = useId()
  const describedBy = `${id}-words`
  return (
    <div className={classNames(styles.field, problem !== undefined && styles.wrong)}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.control}>{children({ id, describedBy })}</div>
      <p
        className={styles.words}
        id={describedBy}
        role={problem === undefined ? undefined : 'alert'}
      >
        {problem ?? hint}
      </p>
    </div>
  )
}
