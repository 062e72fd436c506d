import type { SlaSettingsOutput } from '@parley/contracts'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { useIsSlow } from '../../bridge/use-read.ts'
import { type ServerRead, useServerRead } from '../../bridge/use-server-read.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { FailedBlank } from '../../ui/blank.tsx'
import { ListSkeleton } from '../../ui/list-skeleton.tsx'
import { fromGoalsDraft, toGoalsDraft } from './goals-draft.ts'
import { GoalsForm } from './goals-form.tsx'
import { SaveFoot } from './save-foot.tsx'
import { goalsDrafts } from './sla-drafts.ts'
import styles from './sla-screen.module.css'
import { useEditing } from './use-editing.ts'

interface GoalsPanelProps {
  teamId: string
  isReadOnly: boolean
}

/** What is promised, by priority. */
export function GoalsPanel({ teamId, isReadOnly }: GoalsPanelProps) {
  const t = useTranslate()
  const stored = useServerRead('sla.settings', { teamId })
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
}: GoalsPanelProps & { stored: ServerRead<SlaSettingsOutput>; value: SlaSettingsOutput }) {
  const ask = useAsk()
  const editing = useEditing({
    teamId,
    stored,
    value,
    drafts: goalsDrafts,
    toDraft: toGoalsDraft,
    read: (draft) => fromGoalsDraft(draft).settings,
    isSame: (a, b) => JSON.stringify(a) === JSON.stringify(b),
    get: () => ask('sla.settings', { teamId }),
    preview: (settings) => ask('sla.previewSettings', { teamId, settings }),
    save: (settings, basedOn) => ask('sla.saveSettings', { teamId, settings, basedOn }),
  })
  const { problems } = fromGoalsDraft(editing.draft)
  const shownProblems = editing.wasTried ? problems : {}
  return (
    <form
      className={styles.panel}
      data-settings-version={value.version}
      onSubmit={(event) => {
        event.preventDefault()
        void (editing.effect === null ? editing.previewEffect() : editing.saveNow())
      }}
    >
      <div className={styles.body}>
        <GoalsForm
          draft={editing.draft}
          problems={shownProblems}
          isReadOnly={isReadOnly || editing.busy}
          onChange={editing.change}
        />
      </div>
      {!isReadOnly && (
        <SaveFoot editing={editing} hasProblems={Object.keys(shownProblems).length > 0} />
      )}
    </form>
  )
}
