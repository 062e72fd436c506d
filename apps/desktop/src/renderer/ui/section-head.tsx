import { type ReactNode } from 'react'

import { classNames } from './class-names.ts'
import text from './text.module.css'
import styles from './section-head.module.css'

/** The title of a part of the wallboard, with its count, and the keys that act in it. */
export function SectionHead({
  title,
  count,
  hint,
}: {
  title: string
  count?: ReactNode
  hint?: ReactNode
}) {
  return (
    <header className={styles.head}>
      <h2 className={text.heading}>{title}</h2>
      {count !== undefined && <span className={classNames(text.meta, text.digits)}>{count}</span>}
      <span className={text.grow} />
      {hint && <span className={styles.hint}>{hint}</span>}
    </header>
  )
}
