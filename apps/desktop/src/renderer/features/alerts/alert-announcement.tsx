import type { AlertView } from '@parley/contracts'
import { useState } from 'react'

import { keyLabels } from '../../app/keys.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { OnlyRead } from '../../ui/only-read.tsx'
import { alertLabel } from './alert-words.ts'

/** Tells a screen reader of a new alert, once, with the way to it. */
export function AlertAnnouncement({ newest }: { newest: AlertView | null }) {
  const t = useTranslate()
  const [told, setTold] = useState<{ id: string; words: string } | null>(null)
  if (newest !== null && newest.id !== told?.id) {
    const keys = keyLabels('alert.focus').join(' ')
    setTold({ id: newest.id, words: t('alert.announced', { alert: alertLabel(newest, t), keys }) })
  }
  return (
    <OnlyRead>
      <span aria-live="assertive">{newest === null ? '' : told?.words}</span>
    </OnlyRead>
  )
}
