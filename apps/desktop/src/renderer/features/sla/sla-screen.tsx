import { may } from '@parley/domain'

import { useViewState } from '../../app/view-state.ts'
import { useMe } from '../../bridge/views.ts'
import { type Screens } from '../../contributions/contributed.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Parts } from '../../ui/form/panel.tsx'
import { TeamScreen } from '../../ui/team-screen.tsx'
import { BreachesPanel } from './breaches-panel.tsx'
import { GoalsPanel } from './goals-panel.tsx'
import { HoursPanel } from './hours-panel.tsx'

type SlaPart = Screens['sla']['part']

const PARTS = ['goals', 'hours', 'breaches'] as const satisfies readonly SlaPart[]

/** What a team promises, when it works, and which promises were not kept. */
export function SlaScreen({ teamId, part }: { teamId: string | null; part: SlaPart }) {
  const t = useTranslate()
  const showScreen = useViewState((state) => state.showScreen)
  return (
    <TeamScreen
      title={t('sla.title')}
      permission="team_settings.read"
      teamId={teamId}
      onChoose={(id) => showScreen({ kind: 'sla', teamId: id, part })}
    >
      {(team) => <TeamSla key={team.id} teamId={team.id} part={part} />}
    </TeamScreen>
  )
}

function TeamSla({ teamId, part }: { teamId: string; part: SlaPart }) {
  const t = useTranslate()
  const me = useMe()
  const showScreen = useViewState((state) => state.showScreen)
  const actor = { userId: me.id, role: me.role, teamIds: me.teamIds }
  const isReadOnly = !may(actor, 'team_settings.manage', { teamId, assignedTo: null })
  return (
    <>
      <Parts
        value={part}
        options={PARTS.map((value) => ({ value, label: t(`sla.part.${value}`) }))}
        teamId={teamId}
        readOnly={isReadOnly && part !== 'breaches' && t('form.leadsChangeIt')}
        onChange={(value) => showScreen({ kind: 'sla', teamId, part: value })}
      />
      {part === 'goals' ? (
        <GoalsPanel teamId={teamId} isReadOnly={isReadOnly} />
      ) : part === 'hours' ? (
        <HoursPanel teamId={teamId} isReadOnly={isReadOnly} />
      ) : (
        <BreachesPanel teamId={teamId} />
      )}
    </>
  )
}
