import type { InboxView, TeamView } from '@parley/contracts'
import { Archive, Inbox, Layers } from 'lucide-react'
import { type ReactNode } from 'react'

import { useCommand } from '../../app/commands.ts'
import { RailGroup, RailItem } from '../../app/rail-item.tsx'
import { useViewState } from '../../app/view-state.ts'
import { useEvery } from '../../bridge/use-every.ts'
import { useIsPartial } from '../../bridge/use-is-partial.ts'
import { useReadAll } from '../../bridge/use-read.ts'
import { useDirectory, useMe } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { TeamMark } from '../../ui/avatar.tsx'
import { Icon } from '../../ui/icon.tsx'
import { goToView, isSameView, showView, useShownView } from './list-state.ts'

/** The lists of conversations, with what waits in each. */
export function RailViews() {
  const t = useTranslate()
  const { value: counts, readAgain } = useReadAll('inbox.counts')
  const isPartial = useIsPartial(counts)
  // What is due soon is so by the clock alone: it is counted anew though nothing has changed.
  useEvery(15_000, readAgain)
  const teams = useShownTeams()
  useGoCommands(teams)
  return (
    <>
      <RailGroup>
        <ViewItem
          view={{ kind: 'mine' }}
          label={t('view.mine')}
          count={counts?.mine}
          unread={counts?.unread}
          icon={<Icon of={Inbox} />}
        />
        <ViewItem
          view={{ kind: 'open' }}
          label={t('view.open')}
          count={counts?.open}
          isAtLeast={isPartial}
          icon={<Icon of={Layers} />}
        />
        <ViewItem view={{ kind: 'closed' }} label={t('view.closed')} icon={<Icon of={Archive} />} />
      </RailGroup>
      {teams.length > 0 && (
        <RailGroup heading={t('rail.teams')}>
          {teams.map((team) => (
            <ViewItem
              key={team.id}
              view={{ kind: 'team', teamId: team.id }}
              label={team.name}
              count={counts?.teams[team.id] ?? 0}
              isAtLeast={isPartial}
              due={counts?.due[team.id]}
              icon={<TeamMark id={team.id} name={team.name} />}
            />
          ))}
        </RailGroup>
      )}
    </>
  )
}

interface ViewItemProps {
  view: InboxView
  label: string
  icon: ReactNode
  count?: number | undefined
  isAtLeast?: boolean
  unread?: number | undefined
  due?: 'warning' | 'overdue' | undefined
}

function ViewItem({ view, ...item }: ViewItemProps) {
  const shown = useShownView()
  const isMain = useViewState((state) => state.screen.kind === 'main')
  return (
    <li>
      <RailItem
        {...item}
        isShown={isMain && isSameView(view, shown)}
        onClick={() => showView(view)}
      />
    </li>
  )
}

/** One's own teams; who answers for all of them sees all of them. */
function useShownTeams(): TeamView[] {
  const { teams } = useDirectory()
  const { role } = useMe()
  const seesAll = role === 'supervisor' || role === 'admin'
  return [...teams.values()].filter((team) => team.isMine || seesAll)
}

function useGoCommands(teams: readonly TeamView[]): void {
  const view = useShownView()
  useCommand('go.mine', () => goToView({ kind: 'mine' }))
  useCommand('go.open', () => goToView({ kind: 'open' }))
  useCommand('go.closed', () => goToView({ kind: 'closed' }))
  // Again goes to the next team's.
  const present = teams.findIndex((team) => view.kind === 'team' && team.id === view.teamId)
  const next = teams[(present + 1) % Math.max(1, teams.length)]
  useCommand('go.queue', next ? () => goToView({ kind: 'team', teamId: next.id }) : null)
}
