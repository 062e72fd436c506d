import type { WallboardView } from '@parley/contracts'
import { useState } from 'react'

import { useEvery } from '../../bridge/use-every.ts'
import { type Extent, useExtent } from '../../bridge/use-is-partial.ts'
import { useReadAll } from '../../bridge/use-read.ts'
import { useServerRead } from '../../bridge/use-server-read.ts'
import { useConnection, useDirectory } from '../../bridge/views.ts'
import { Slot } from '../../contributions/slot.tsx'
import { clockTime, dayName } from '../../i18n/moments.ts'
import { useLanguage, useTranslate } from '../../i18n/use-translate.tsx'
import { Pill } from '../../ui/pill.tsx'
import { PresenceGlyph } from '../../ui/presence-glyph.tsx'
import { Screen } from '../../ui/screen.tsx'
import { Segments } from '../../ui/segments.tsx'
import text from '../../ui/text.module.css'
import { useNow } from '../../ui/use-now.ts'
import { WhenRead } from '../../ui/when-read.tsx'
import { DueList } from './due-list.tsx'
import { HourFigures } from './hour-figures.tsx'
import { TeamTable } from './team-table.tsx'
import { whyMissing } from './wallboard-figures.ts'
import styles from './wallboard-screen.module.css'

type Scope = 'mine' | 'all'

/** All that a lead answers for, at a glance: each team, what is due, the last hour, alerts and people. */
export function WallboardScreen() {
  const t = useTranslate()
  const { teams } = useDirectory()
  const [wanted, setScope] = useState<Scope>('mine')
  const board = useReadAll('wallboard.get')
  // Its counts are by the clocks as they stand, and clocks turn without anything having changed.
  useEvery(10_000, board.readAgain)
  // Online the server has said the rest by then.
  const extent = useExtent(board.value)
  const mine = (board.value?.teams ?? []).filter(({ teamId }) => teams.get(teamId)?.isMine)
  const others = (board.value?.teams.length ?? 0) - mine.length
  // Who has no team of their own sees them all.
  const scope: Scope = mine.length === 0 ? 'all' : wanted
  const head = (
    <>
      {others > 0 && mine.length > 0 && (
        <Segments
          label={t('watch.teams')}
          value={scope}
          options={[
            { value: 'mine', label: t('wallboard.mine') },
            { value: 'all', label: t('wallboard.all') },
          ]}
          onChange={setScope}
        />
      )}
      {extent === 'here' && <Pill look="calm">{t('wallboard.partial')}</Pill>}
      <HeadEnd />
    </>
  )
  return (
    <Screen title={t('wallboard.title')} head={head}>
      <WhenRead read={board} failed={t('wallboard.failed')}>
        {(view) => (
          <Board
            view={scope === 'all' ? view : ofTeams(view, mine)}
            extent={extent}
            readAgain={board.readAgain}
          />
        )}
      </WhenRead>
    </Screen>
  )
}

/** The list and its totals are of these teams alone. */
function ofTeams(view: WallboardView, teams: WallboardView['teams']): WallboardView {
  if (teams.length === view.teams.length) return view
  const ids = new Set(teams.map(({ teamId }) => teamId))
  const sum = (of: 'overdue' | 'warning') => teams.reduce((total, team) => total + team[of], 0)
  return {
    teams,
    due: view.due.filter(({ teamId }) => teamId !== null && ids.has(teamId)),
    dueTotal: { overdue: sum('overdue'), warning: sum('warning') },
  }
}

/** The day, and how old what is shown is: online it is of now. */
function HeadEnd() {
  const t = useTranslate()
  const language = useLanguage()
  const now = useNow('minute')
  const connection = useConnection()
  const isOffline = connection?.state === 'offline'
  // While it is being loaded it is of no moment.
  const isLoading = connection !== undefined && connection.bootstrapping !== null
  return (
    <>
      <span className={text.grow} />
      <span className={`${styles.day} ${text.meta}`}>{dayName(now, now, language).date}</span>
      {isOffline ? (
        <Pill look="calm">
          {t('queue.asOf', { at: clockTime(Date.parse(connection.syncedAt ?? connection.since)) })}
        </Pill>
      ) : (
        !isLoading && (
          <Pill>
            <PresenceGlyph status="online" />
            {t('wallboard.live', { at: clockTime(now) })}
          </Pill>
        )
      )}
    </>
  )
}

function Board({
  view,
  extent,
  readAgain,
}: {
  view: WallboardView
  extent: Extent
  readAgain: () => void
}) {
  const line = useConnection()?.state
  const read = useServerRead('sla.hourFigures', undefined)
  useEvery(60_000, read.readAgain)
  // Of a line that is gone they would be old, and nobody could say how old.
  const figures = line === 'online' ? read.value : undefined
  const missing = figures === undefined ? whyMissing(line, read.error !== null) : null
  return (
    <div className={styles.columns}>
      <div className={styles.main}>
        <TeamTable teams={view.teams} due={view.due} figures={figures} />
        <DueList due={view.due} total={view.dueTotal} extent={extent} />
        <HourFigures figures={figures} missing={missing} />
      </div>
      <aside className={styles.side}>
        <Slot
          of="wallboardSide"
          teamIds={view.teams.map(({ teamId }) => teamId)}
          onChanged={readAgain}
        />
      </aside>
    </div>
  )
}
