import type { TeamView } from '@parley/contracts'
import { type Permission } from '@parley/domain'
import { Users } from 'lucide-react'
import { type ReactNode } from 'react'

import { useViewState } from '../app/view-state.ts'
import { useTeamsWith } from '../bridge/use-teams-with.ts'
import { useMe } from '../bridge/views.ts'
import { useTranslate } from '../i18n/use-translate.tsx'
import { Blank } from './blank.tsx'
import { useUnsaved } from './form/edits.ts'
import { Screen } from './screen.tsx'
import { Segments } from './segments.tsx'

interface TeamScreenProps {
  title: string
  /** Whose teams can be chosen: those for which this person has it. */
  permission: Permission
  /** Null: nobody has chosen yet. */
  teamId: string | null
  onChoose: (teamId: string) => void
  children: (team: TeamView) => ReactNode
}

/** A screen that shows one team at a time. Each team's is drawn anew. */
export function TeamScreen({ title, permission, teamId, onChoose, children }: TeamScreenProps) {
  const t = useTranslate()
  const me = useMe()
  const teams = useTeamsWith(permission)
  const screen = useViewState((state) => state.screen.kind)
  const isUnsaved = useUnsaved()
  // A lead's own teams come first; without a choice, the first of them.
  const team =
    teams.find(({ id }) => id === teamId) ??
    teams.find(({ id }) => me.teamIds.includes(id)) ??
    teams[0]
  if (team === undefined) {
    return (
      <Screen title={title}>
        <Blank icon={Users} title={t('watch.noTeams')} />
      </Screen>
    )
  }
  const choice = (
    <Segments
      label={t('watch.teams')}
      value={team.id}
      options={teams.map(({ id, name }) => ({
        value: id,
        label: name,
        isUnsaved: isUnsaved({ screen, teamId: id }),
      }))}
      onChange={onChoose}
    />
  )
  return (
    <Screen title={title} head={choice}>
      {children(team)}
    </Screen>
  )
}
