import { may } from '@parley/domain'
import { Users } from 'lucide-react'

import { type RoutingPart, useViewState } from '../../app/view-state.ts'
import { useServerRead } from '../../bridge/use-server-read.ts'
import { useTeamsWith } from '../../bridge/use-teams-with.ts'
import { useMe } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Blank } from '../../ui/blank.tsx'
import { Segments } from '../../ui/segments.tsx'
import { ReplayPanel } from './replay-panel.tsx'
import styles from './routing-screen.module.css'
import { SettingsPanel } from './settings-panel.tsx'
import { SkillsPanel } from './skills-panel.tsx'

/** How a team's conversations find their people: everybody may read it, who answers for the team may change it. */
export function RoutingScreen({ teamId, part }: { teamId: string | null; part: RoutingPart }) {
  const t = useTranslate()
  const me = useMe()
  const teams = useTeamsWith('team_settings.read')
  const showScreen = useViewState((state) => state.showScreen)
  const team =
    teams.find(({ id }) => id === teamId) ??
    teams.find(({ id }) => me.teamIds.includes(id)) ??
    teams[0]
  return (
    <main className={styles.screen} aria-label={t('routing.title')} data-pane="screen">
      {team === undefined ? (
        <Blank icon={Users} title={t('watch.noTeams')} />
      ) : (
        <>
          <header className={styles.head}>
            <h1 className={styles.title}>{t('routing.title')}</h1>
            <Segments
              label={t('watch.teams')}
              value={team.id}
              options={teams.map(({ id, name }) => ({ value: id, label: name }))}
              onChange={(id) => showScreen({ kind: 'routing', teamId: id, part })}
            />
          </header>
          <TeamRouting key={team.id} teamId={team.id} part={part} />
        </>
      )}
    </main>
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
