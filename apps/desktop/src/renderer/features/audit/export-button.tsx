import type { AuditFilter } from '@parley/contracts'
import { useEffect, useState } from 'react'

import { useAsk, useConnected } from '../../bridge/bridge-context.tsx'
import { useErrorWords } from '../../bridge/use-error-words.ts'
import { useConnection } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { clearNotice, notify } from '../../ui/notice-state.ts'
import text from '../../ui/text.module.css'

/** Writes what is listed, all of it, to a file; it ends with whoever asked for it leaving the screen. */
export function ExportButton({ filter }: { filter: AuditFilter }) {
  const t = useTranslate()
  const ask = useAsk()
  const { client } = useConnected()
  const wordsOf = useErrorWords()
  const isOnline = useConnection()?.state === 'online'
  /** How many are written; null: nothing is being exported. */
  const [entries, setEntries] = useState<number | null>(null)
  const [done, setDone] = useState<{ count: number; file: string } | null>(null)
  useEffect(() => client.on('auditExport', (progress) => setEntries(progress.entries)), [client])
  useEffect(() => () => void client.ask('auditExport.stop', undefined), [client])

  const start = async () => {
    clearNotice('window')
    setDone(null)
    setEntries(0)
    const result = await ask('auditExport.start', filter)
    setEntries(null)
    if (!result.ok) return notify('window', wordsOf(result.error))
    const exported = result.value
    if (exported.outcome === 'written') {
      const { entries: count, file } = exported
      setDone({ count, file })
    }
    if (exported.outcome === 'failed') {
      const detail =
        exported.error.code === 'not_kept'
          ? t('audit.exportNotWritten')
          : wordsOf(exported.error).title
      notify('window', { title: t('audit.exportFailed'), detail })
    }
  }
  if (entries === null) {
    return (
      <>
        {done && (
          <span className={text.meta} role="status">
            {t('audit.exported', done)}
          </span>
        )}
        <Button look="line" disabled={!isOnline} onClick={() => void start()}>
          {t('audit.export')}
        </Button>
      </>
    )
  }
  return (
    <>
      <span className={text.meta} role="status">
        {t('audit.exporting', { count: entries })}
      </span>
      <Button look="line" onClick={() => void ask('auditExport.stop', undefined)}>
        {t('audit.stopExport')}
      </Button>
    </>
  )
}
