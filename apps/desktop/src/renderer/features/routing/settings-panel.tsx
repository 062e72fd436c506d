import type { AppError, RoutingSettingsOutput } from '@parley/contracts'
import { useState } from 'react'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { errorWords } from '../../bridge/error-words.ts'
import { useIsSlow } from '../../bridge/use-read.ts'
import { type ServerRead } from '../../bridge/use-server-read.ts'
import { useConnection, useDirectory, useMe } from '../../bridge/views.ts'
import { clockTime } from '../../i18n/moments.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { FailedBlank } from '../../ui/blank.tsx'
import { Button } from '../../ui/button.tsx'
import text from '../../ui/text.module.css'
import { ListSkeleton } from '../../ui/list-skeleton.tsx'
import styles from './routing-screen.module.css'
import { type Problems, fromDraft, isSameDraft, refusedField, toDraft } from './settings-draft.ts'
import { keepDraft, useSettingsDrafts } from './settings-drafts.ts'
import { SettingsForm } from './settings-form.tsx'

interface SettingsPanelProps {
  teamId: string
  isReadOnly: boolean
  stored: ServerRead<RoutingSettingsOutput>
}

/** The settings with their saving: what is wrong stands beside its field, who was faster is named, nothing typed is lost. */
export function SettingsPanel({ teamId, isReadOnly, stored }: SettingsPanelProps) {
  const t = useTranslate()
  const slow = useIsSlow(stored.value === undefined && stored.error === null)
  if (stored.value !== undefined) {
    return <Editor teamId={teamId} isReadOnly={isReadOnly} stored={stored} value={stored.value} />
  }
  if (stored.error === null) return slow && <ListSkeleton />
  return <FailedBlank title={t('routing.failed')} error={stored.error} onRetry={stored.readAgain} />
}

function Editor({
  teamId,
  isReadOnly,
  stored,
  value,
}: SettingsPanelProps & { value: RoutingSettingsOutput }) {
  const t = useTranslate()
  const ask = useAsk()
  const me = useMe()
  const { people } = useDirectory()
  const isOnline = useConnection()?.state === 'online'
  const key = `${me.id} ${teamId}`
  const kept = useSettingsDrafts(({ drafts }) => drafts[key])
  const saved = toDraft(value.settings)
  const draft = kept ?? saved
  const isChanged = !isSameDraft(draft, saved)
  const [problems, setProblems] = useState<Problems>({})
  const [error, setError] = useState<AppError | null>(null)
  const [savedAt, setSavedAt] = useState<number | null>(null)
  const [busy, setBusy] = useState(false)

  const start = () => {
    keepDraft(key, null)
    setProblems({})
    setError(null)
  }
  const save = async (basedOn: number) => {
    const read = fromDraft(draft)
    setProblems(read.problems ?? {})
    if (read.settings === null) return
    setBusy(true)
    const result = await ask('routing.saveSettings', { teamId, settings: read.settings, basedOn })
    setBusy(false)
    if (!result.ok) {
      const field = refusedField(result.error.details['field'])
      if (result.error.code === 'invalid_input' && field !== null)
        return setProblems({ [field]: { kind: 'refused' } })
      return setError(result.error)
    }
    stored.put(result.value)
    start()
    setSavedAt(Date.now())
  }
  /** Mine over theirs: knowing of theirs now. */
  const saveAnyway = async () => {
    const result = await ask('routing.settings', { teamId })
    if (!result.ok) return setError(result.error)
    setError(null)
    await save(result.value.version)
  }
  const loadTheirs = () => {
    start()
    stored.readAgain()
  }
  const words = error && errorWords(error, t, people)
  const hasProblems = Object.keys(problems).length > 0
  return (
    <form
      className={styles.panel}
      data-settings-version={value.version}
      onSubmit={(event) => {
        event.preventDefault()
        void save(value.version)
      }}
    >
      <div className={styles.body}>
        {isReadOnly && <p className={styles.note}>{t('routing.readOnly')}</p>}
        <SettingsForm
          teamId={teamId}
          draft={draft}
          problems={problems}
          isReadOnly={isReadOnly || busy}
          onChange={(next) => {
            keepDraft(key, next)
            setSavedAt(null)
          }}
        />
      </div>
      {!isReadOnly && (
        <footer className={styles.foot}>
          {words ? (
            <p className={styles.failed} role="alert">
              <strong>{words.title}</strong>{' '}
              {error.code === 'conflict' ? t('routing.conflict') : words.detail}
            </p>
          ) : (
            <p className={text.meta} role="status">
              {hasProblems
                ? t('routing.hasProblems')
                : !isOnline
                  ? t('routing.offline')
                  : savedAt !== null && !isChanged
                    ? t('routing.savedAt', { at: clockTime(savedAt) })
                    : isChanged
                      ? t('routing.unsaved')
                      : ''}
            </p>
          )}
          <span className={text.grow} />
          {error?.code === 'conflict' ? (
            <>
              <Button look="line" onClick={() => void saveAnyway()} disabled={!isOnline || busy}>
                {t('routing.saveAnyway')}
              </Button>
              <Button look="primary" onClick={loadTheirs} disabled={!isOnline || busy}>
                {t('routing.loadTheirs')}
              </Button>
            </>
          ) : (
            <>
              <Button look="line" disabled={!isChanged || busy} onClick={start}>
                {t('routing.discard')}
              </Button>
              <Button type="submit" look="primary" disabled={!isChanged || busy || !isOnline}>
                {t('routing.save')}
              </Button>
            </>
          )}
        </footer>
      )}
    </form>
  )
}
