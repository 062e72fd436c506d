import type { SlaSettingsOutput } from '@parley/contracts'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { type ServerRead, useServerRead } from '../../bridge/use-server-read.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { useEditing } from '../../ui/form/use-editing.ts'
import { WhenRead } from '../../ui/when-read.tsx'
import { EffectFirstForm } from './effect-first.tsx'
import { fromGoalsDraft, toGoalsDraft } from './goals-draft.ts'
import { GoalsForm } from './goals-form.tsx'

interface GoalsPanelProps {
  teamId: string
  isReadOnly: boolean
}

/** What is promised, by priority. */
export function GoalsPanel({ teamId, isReadOnly }: GoalsPanelProps) {
  const t = useTranslate()
  const read = useServerRead('sla.settings', { teamId })
  return (
    <WhenRead read={read} failed={t('routing.failed')}>
      {(value) => <Goals teamId={teamId} isReadOnly={isReadOnly} read={read} value={value} />}
    </WhenRead>
  )
}

function Goals({
  teamId,
  isReadOnly,
  read,
  value,
}: GoalsPanelProps & { read: ServerRead<SlaSettingsOutput>; value: SlaSettingsOutput }) {
  const ask = useAsk()
  const editing = useEditing({
    subject: { screen: 'sla', part: 'goals', teamId },
    stored: { draft: toGoalsDraft(value.settings), version: value.version },
    read: fromGoalsDraft,
    send: (settings, basedOn) => ask('sla.saveSettings', { teamId, settings, basedOn }),
    take: (saved: SlaSettingsOutput) => {
      read.put(saved)
      return saved.version
    },
    readAgain: read.readAgain,
  })
  return (
    <EffectFirstForm
      editing={editing}
      preview={(settings) => ask('sla.previewSettings', { teamId, settings })}
      isRecomputing={value.isRecomputing}
      readAgain={read.readAgain}
      isReadOnly={isReadOnly}
    >
      <GoalsForm
        draft={editing.draft}
        problems={editing.problems ?? {}}
        isReadOnly={isReadOnly}
        onChange={editing.change}
      />
    </EffectFirstForm>
  )
}
