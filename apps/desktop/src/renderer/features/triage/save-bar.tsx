import type { AppError } from '@parley/contracts'
import { type ReactNode } from 'react'

import { errorWords, nameIn, timeIn } from '../../bridge/error-words.ts'
import { useConnection, useDirectory } from '../../bridge/views.ts'
import { clockTime } from '../../i18n/moments.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import text from '../../ui/text.module.css'
import styles from './triage-screen.module.css'

interface SaveBarProps {
  error: AppError | null
  hasProblems: boolean
  isChanged: boolean
  savedAt: number | null
  /** What can be done about it. */
  children: ReactNode
}

/** The foot of what can be saved: how it stands on the left, what can be done on the right. */
export function SaveBar({ children, ...state }: SaveBarProps) {
  return (
    <footer className={styles.foot}>
      <SaveState {...state} />
      <span className={text.grow} />
      {children}
    </footer>
  )
}

function SaveState({ error, hasProblems, isChanged, savedAt }: Omit<SaveBarProps, 'children'>) {
  const t = useTranslate()
  const { people } = useDirectory()
  const isOnline = useConnection()?.state === 'online'
  if (error !== null) {
    const words = errorWords(error, t, people)
    const isConflict = error.code === 'conflict'
    const conflict = {
      who: nameIn(error, 'by', people) ?? t('person.somebody'),
      at: timeIn(error, 'at') ?? '',
      version: Number(error.details['version'] ?? 0),
    }
    return (
      <p className={styles.failed} role="alert">
        <strong>{isConflict ? t('triage.conflict', conflict) : words.title}</strong>{' '}
        {isConflict ? t('triage.conflictWords') : words.detail}
      </p>
    )
  }
  const words = hasProblems
    ? t('triage.hasProblems')
    : isChanged
      ? isOnline
        ? t('triage.unsaved')
        : t('triage.offline')
      : savedAt === null
        ? ''
        : t('triage.savedAt', { at: clockTime(savedAt) })
  return (
    <p className={hasProblems ? styles.failed : text.meta} role="status">
      {words}
    </p>
  )
}
