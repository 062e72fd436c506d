import { useCommand } from '../../app/commands.ts'
import { useConnection } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import fields from '../../ui/field.module.css'
import { SaveBar } from './save-bar.tsx'
import styles from './triage-screen.module.css'
import { type RulesEditing } from './use-rules.ts'

/** Saving the rules as a new version: with a note for those who come later, and around who was faster. */
export function RulesSaveBar({
  editing,
  onShowTheirs,
}: {
  editing: RulesEditing
  onShowTheirs: (version: number) => void
}) {
  const t = useTranslate()
  const isOnline = useConnection()?.state === 'online'
  const { draft, error, isBusy, isChanged, problems } = editing
  const canSave = isOnline && !isBusy && isChanged
  const theirs = error?.code === 'conflict' ? Number(error.details['version'] ?? 0) : null
  useCommand('triage.save', canSave && theirs === null ? () => void editing.save() : null)
  return (
    <SaveBar
      error={error}
      hasProblems={problems.size > 0}
      isChanged={isChanged}
      savedAt={editing.savedAt}
    >
      {theirs === null ? (
        <>
          <input
            className={classNames(fields.input, styles.noteInput)}
            value={draft.note}
            maxLength={500}
            disabled={!isChanged || isBusy}
            aria-label={t('triage.note')}
            placeholder={t('triage.note')}
            onChange={(event) => editing.change({ ...draft, note: event.target.value })}
          />
          <Button look="line" disabled={!isChanged || isBusy} onClick={editing.discard}>
            {t('triage.discard')}
          </Button>
          <Button
            look="primary"
            keysOf="triage.save"
            disabled={!canSave}
            onClick={() => void editing.save()}
          >
            {t('triage.save')}
          </Button>
        </>
      ) : (
        <>
          <Button look="line" disabled={isBusy} onClick={editing.discard}>
            {t('triage.takeTheirs')}
          </Button>
          <Button
            look="line"
            disabled={!isOnline || isBusy}
            onClick={() => void editing.save(theirs)}
          >
            {t('triage.saveOver', { version: theirs + 1 })}
          </Button>
          <Button look="primary" onClick={() => onShowTheirs(theirs)}>
            {t('triage.seeTheirs')}
          </Button>
        </>
      )}
    </SaveBar>
  )
}
