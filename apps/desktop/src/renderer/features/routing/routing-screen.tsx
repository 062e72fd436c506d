import { may } from '@parley/domain'

import { useViewState } from '../../app/view-state.ts'
import { useServerRead } from '../../bridge/use-server-read.ts'
import { useMe } from '../../bridge/views.ts'
import { type Screens } from '../../contributions/contributed.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Parts } from '../../ui/form/panel.tsx'
import { TeamScreen } from '../../ui/team-screen.tsx'
import { WhenRead } from '../../ui/when-read.tsx'
import { ReplayPanel } from './replay-panel.tsx'
import { SettingsPanel } from './settings-panel.tsx'
import { SkillsPanel } from './skills-panel.tsx'

type RoutingPart = Screens['routing']['part']

/** How a team's conversations find their people: everybody may read it, who answers for the team may change it. */
export function RoutingScreen({ teamId, part }: { teamId: string | null; part: RoutingPart }) {
  const t = useTranslate()
  const showScreen = useViewState((state) => state.showScreen)
  return (
    <TeamScreen
      title={t('routing.title')}
      permission="team_settings.read"
      teamId={teamId}
      onChoose={(id) => showScreen({ kind: 'routing', teamId: id, part })}
    >
      {(team) => <TeamRouting key={team.id} teamId={team.id} part={part} />}
    </TeamScreen>
  )
}

function TeamRouting({ teamId, part }: { teamId: string; part: RoutingPart }) {
  const t = useTranslate()
  const me = useMe()
  const showScreen = useViewState((state) => state.showScreen)
  const settings = useServerRead('routing.settings', { teamId })
  const actor = { userId: me.id, role: me.role, teamIds: me.teamIds }
  const isReadOnly = !may(actor, 'team_settings.manage', { teamId, assignedTo: null })
  const parts = isReadOnly ? (['settings', 'skills'] as const) : PARTS
  return (
    <>
      <Parts
        value={part}
        options={parts.map((value) => ({ value, label: t(`routing.part.${value}`) }))}
        teamId={teamId}
        readOnly={isReadOnly && t('form.leadsChangeIt')}
        onChange={(value) => showScreen({ kind: 'routing', teamId, part: value })}
      />
      {part === 'skills' ? (
        <SkillsPanel teamId={teamId} isReadOnly={isReadOnly} />
      ) : (
        <WhenRead read={settings} failed={t('routing.failed')}>
          {(value) =>
            part === 'replay' && !isReadOnly ? (
              <ReplayPanel teamId={teamId} present={value.settings} />
            ) : (
              <SettingsPanel
                teamId={teamId}
                isReadOnly={isReadOnly}
                read={settings}
                value={value}
              />
            )
          }
        </WhenRead>
      )}
    </>
  )
}

const PARTS = ['settings', 'skills', 'replay'] as const satisfies readonly RoutingPart[]
