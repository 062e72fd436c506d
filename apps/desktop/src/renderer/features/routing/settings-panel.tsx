import type { RoutingSettingsOutput } from '@parley/contracts'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { type ServerRead } from '../../bridge/use-server-read.ts'
import { SaveForm } from '../../ui/form/save-bar.tsx'
import { useEditing } from '../../ui/form/use-editing.ts'
import { fromDraft, refusedProblems, toDraft } from './settings-draft.ts'
import { SettingsForm } from './settings-form.tsx'

interface SettingsPanelProps {
  teamId: string
  isReadOnly: boolean
  read: ServerRead<RoutingSettingsOutput>
  value: RoutingSettingsOutput
}

export function SettingsPanel({ teamId, isReadOnly, read, value }: SettingsPanelProps) {
  const ask = useAsk()
  const editing = useEditing({
    subject: { screen: 'routing', part: 'settings', teamId },
    stored: { draft: toDraft(value.settings), version: value.version },
    read: fromDraft,
    send: (settings, basedOn) => ask('routing.saveSettings', { teamId, settings, basedOn }),
    take: (saved: RoutingSettingsOutput) => {
      read.put(saved)
      return saved.version
    },
    readAgain: read.readAgain,
    refusedProblems,
  })
  return (
    <SaveForm editing={editing} isReadOnly={isReadOnly} data-settings-version={editing.basedOn}>
      <SettingsForm
        teamId={teamId}
        draft={editing.draft}
        problems={editing.problems ?? {}}
        isReadOnly={isReadOnly}
        onChange={editing.change}
      />
    </SaveForm>
  )
}
