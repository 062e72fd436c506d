import { type ReactNode } from 'react'

import { useViewState } from '../app/view-state.ts'
import styles from './screen.module.css'

/** What stands in the inbox's place: the page's main part, its title, and beside that what belongs to all of it. */
export function Screen({
  title,
  head,
  children,
}: {
  title: string
  head?: ReactNode
  children: ReactNode
}) {
  const kind = useViewState((state) => state.screen.kind)
  return (
    <main className={styles.screen} aria-label={title} data-pane="screen" data-screen={kind}>
      <header className={styles.head}>
        <h1 className={styles.title}>{title}</h1>
        {head}
      </header>
      {children}
    </main>
  )
}
