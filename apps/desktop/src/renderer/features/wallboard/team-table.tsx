import type { HourFiguresOutput, WallboardDue, WallboardTeam } from '@parley/contracts'

import { useViewState } from '../../app/view-state.ts'
import { useDirectory } from '../../bridge/views.ts'
import { duration, minutesAndSeconds } from '../../i18n/moments.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { TeamMark } from '../../ui/avatar.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Count as WholeNumber } from '../../ui/count.tsx'
import { SlaShape } from '../../ui/sla-shape.tsx'
import text from '../../ui/text.module.css'
import { useNow } from '../../ui/use-now.ts'
import styles from './team-table.module.css'
import { sparkLine, waitBar } from './wallboard-figures.ts'

type TeamFigures = HourFiguresOutput['teams'][number]

/** One line a team. What only the server knows is left out while it has not been reached. */
export function TeamTable({
  teams,
  due,
  figures,
}: {
  teams: readonly WallboardTeam[]
  due: readonly WallboardDue[]
  figures: HourFiguresOutput | undefined
}) {
  const t = useTranslate()
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('watch.teams')}</th>
          <th scope="col" className={classNames(styles.end, styles.count)}>
            {t('wallboard.queued')}
          </th>
          <th scope="col" className={styles.waits}>
            {t('wallboard.longest')}
          </th>
          <th scope="col" className={classNames(styles.end, styles.count)}>
            {t('alerts.open.warning')}
          </th>
          <th scope="col" className={classNames(styles.end, styles.count)}>
            {t('alerts.open.breach')}
          </th>
          <th
            scope="col"
            className={classNames(styles.end, styles.median, styles.first)}
            title={t('wallboard.medianTitle')}
          >
            {t('wallboard.median')}
          </th>
          <th scope="col" className={classNames(styles.end, styles.people, styles.second)}>
            {t('wallboard.online')}
          </th>
          <th scope="col" className={classNames(styles.end, styles.people, styles.first)}>
            {t('wallboard.load')}
          </th>
          <th scope="col" className={classNames(styles.end, styles.spark)}>
            {t('wallboard.hourOfQueue')}
          </th>
        </tr>
      </thead>
      <tbody>
        {teams.map((team) => (
          <TeamLine
            key={team.teamId}
            team={team}
            due={due}
            figures={figures?.teams.find(({ teamId }) => teamId === team.teamId)}
          />
        ))}
      </tbody>
    </table>
  )
}

function TeamLine({
  team,
  due,
  figures,
}: {
  team: WallboardTeam
  due: readonly WallboardDue[]
  figures: TeamFigures | undefined
}) {
  const t = useTranslate()
  const { teams } = useDirectory()
  const showScreen = useViewState((state) => state.showScreen)
  const name = teams.get(team.teamId)?.name ?? t('view.team')
  const of = (part: number, whole: number) => (
    <>
      {Number(part.toFixed(2))} <span className={text.meta}>{t('wallboard.of', { whole })}</span>
    </>
  )
  const median = figures?.medianFirstResponseSeconds ?? null
  return (
    <tr data-wallboard-team={team.teamId}>
      <th scope="row">
        <button
          type="button"
          className={styles.team}
          title={t('wallboard.showQueue', { team: name })}
          onClick={() => showScreen({ kind: 'watch', teamId: team.teamId })}
        >
          <TeamMark id={team.teamId} name={name} />
          <span className={text.twoLines}>{name}</span>
        </button>
      </th>
      <td className={styles.end}>
        <span className={styles.big}>
          <WholeNumber of={team.queued} />
        </span>
      </td>
      <td>
        <LongestWait team={team} due={due} />
      </td>
      <td className={styles.end}>
        <Count count={team.warning} look="warning" />
      </td>
      <td className={styles.end}>
        <Count count={team.overdue} look="overdue" />
      </td>
      <td className={classNames(styles.end, styles.first)}>
        {median === null ? <None /> : minutesAndSeconds(median * 1000)}
      </td>
      <td className={classNames(styles.end, styles.second)}>{of(team.online, team.members)}</td>
      <td className={classNames(styles.end, styles.first)}>{of(team.load, team.capacity)}</td>
      <td className={classNames(styles.end, styles.spark)}>
        <Spark figures={figures} isHot={team.warning + team.overdue > 0 && team.queued > 0} />
      </td>
    </tr>
  )
}

const None = () => <span className={text.meta}>–</span>

function LongestWait({ team, due }: { team: WallboardTeam; due: readonly WallboardDue[] }) {
  const t = useTranslate()
  const now = useNow('minute')
  const { share, look } = waitBar(team, due, now)
  return (
    <span className={classNames(styles.wait, styles[look])}>
      <span className={styles.track} aria-hidden="true">
        <i className={styles.fill} style={{ width: `${Math.round(share * 100)}%` }} />
      </span>
      {team.oldestQueuedSince === null
        ? t('wallboard.nobody')
        : duration(now - Date.parse(team.oldestQueuedSince))}
    </span>
  )
}

/** A shape and a number; nothing to attend to is a plain 0. */
function Count({ count, look }: { count: number; look: 'warning' | 'overdue' }) {
  if (count === 0) return <span className={text.meta}>0</span>
  return (
    <span className={classNames(styles.number, styles[look])}>
      <SlaShape of={look === 'warning' ? 'warning' : 'breached'} />
      <WholeNumber of={count} />
    </span>
  )
}

function Spark({ figures, isHot }: { figures: TeamFigures | undefined; isHot: boolean }) {
  const t = useTranslate()
  const line = figures === undefined ? null : sparkLine(figures.queue)
  // As wide as the line, so that nothing moves when it comes.
  if (line === null) return <span className={styles.noLine} />
  return (
    <svg
      className={classNames(styles.line, isHot && styles.hot)}
      viewBox="0 0 104 28"
      role="img"
      aria-label={t('wallboard.hourOfQueueIs', { first: line.first, last: line.last })}
    >
      <path d={line.path} />
      <circle cx={line.end.x} cy={line.end.y} r="2.5" />
    </svg>
  )
}
