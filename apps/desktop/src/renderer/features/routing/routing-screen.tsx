import { may } from '@parley/domain'

import { useViewState } from '../../app/view-state.ts'
import { useServerRead } from '../../bridge/use-server-read.ts'
import { useMe } from '../../bridge/views.ts'
import { type Screens } from '../../contributions/contributed.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Segments } from '../../ui/segments.tsx'
import { TeamScreen } from '../../ui/team-screen.tsx'
import { ReplayPanel } from './replay-panel.tsx'
import styles from './routing-screen.module.css'
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
  const stored = useServerRead('routing.settings', { teamId })
  const actor = { userId: me.id, role: me.role, teamIds: me.teamIds }
  const isReadOnly = !may(actor, 'team_settings.manage', { teamId, assignedTo: null })
  const parts = isReadOnly ? (['settings', 'skills'] as const) : PARTS
  return (
    <>
      <div className={styles.parts}>
        <Segments
          label={t('routing.parts')}
          value={part}
          options={parts.map((value) => ({ value, label: t(`routing.part.${value}`) }))}
          onChange={(value) => showScreen({ kind: 'routing', teamId, part: value })}
        />
      </div>
      {part === 'skills' ? (
        <SkillsPanel teamId={teamId} isReadOnly={isReadOnly} />
      ) : part === 'replay' && !isReadOnly && stored.value !== undefined ? (
        <ReplayPanel teamId={teamId} present={stored.value.settings} />
      ) : (
        <SettingsPanel teamId={teamId} isReadOnly={isReadOnly} stored={stored} />
      )}
    </>
  )
}

const PARTS = ['settings', 'skills', 'replay'] as const satisfies readonly RoutingPart[]
