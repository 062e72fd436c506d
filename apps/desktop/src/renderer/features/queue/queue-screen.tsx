import { Users } from 'lucide-react'

import { useViewState } from '../../app/view-state.ts'
import { useTeamsWith } from '../../bridge/use-teams-with.ts'
import { useIsSlow } from '../../bridge/use-read.ts'
import { useConnection, useMe } from '../../bridge/views.ts'
import { clockTime } from '../../i18n/moments.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Blank, FailedBlank } from '../../ui/blank.tsx'
import { Pill } from '../../ui/pill.tsx'
import { Segments } from '../../ui/segments.tsx'
import text from '../../ui/text.module.css'
import { ListSkeleton } from '../inbox/list-skeleton.tsx'
import { Members } from './members.tsx'
import styles from './queue-screen.module.css'
import { QueueTable } from './queue-table.tsx'
import { type LiveQueue, useQueue } from './use-queue.ts'

/** A team's queue as it is now, for those who answer for it: who waits, for what, and who could take it. */
export function QueueScreen({ teamId }: { teamId: string | null }) {
  const t = useTranslate()
  const me = useMe()
  const teams = useTeamsWith('queue.watch')
  const showScreen = useViewState((state) => state.showScreen)
  // A lead's own teams first come first; without a choice, the first of them.
  const team =
    teams.find(({ id }) => id === teamId) ??
    teams.find(({ id }) => me.teamIds.includes(id)) ??
    teams[0]
  return (
    <main className={styles.screen} aria-label={t('watch.title')} data-pane="screen">
      {team === undefined ? (
        <Blank icon={Users} title={t('watch.noTeams')} />
      ) : (
        <>
          <header className={styles.head}>
            <h1 className={styles.title}>{t('watch.title')}</h1>
            <Segments
              label={t('watch.teams')}
              value={team.id}
              options={teams.map(({ id, name }) => ({ value: id, label: name }))}
              onChange={(id) => showScreen({ kind: 'watch', teamId: id })}
            />
          </header>
          <TeamQueue key={team.id} teamId={team.id} />
        </>
      )}
    </main>
  )
}

function TeamQueue({ teamId }: { teamId: string }) {
  const t = useTranslate()
  const queue = useQueue(teamId)
  const slow = useIsSlow(queue.value === undefined && queue.error === null)
  const isOnline = useConnection()?.state === 'online'
  return (
    <div className={styles.columns} data-queue-of={teamId}>
      <div className={styles.main}>
        {queue.value === undefined ? (
          queue.error ? (
            <FailedBlank title={t('watch.failed')} error={queue.error} onRetry={queue.readAgain} />
          ) : (
            slow && <ListSkeleton />
          )
        ) : (
          <>
            <QueueSummary queue={queue} value={queue.value} isOnline={isOnline} />
            <QueueTable queue={queue.value} onChanged={queue.readAgain} isOnline={isOnline} />
          </>
        )}
      </div>
      <Members teamId={teamId} queue={queue.value} onChanged={queue.readAgain} />
    </div>
  )
}

function QueueSummary({
  queue,
  value,
  isOnline,
}: {
  queue: LiveQueue
  value: NonNullable<LiveQueue['value']>
  isOnline: boolean
}) {
  const t = useTranslate()
  const isStale = !isOnline || queue.error !== null
  return (
    <p className={styles.summary}>
      <strong className={text.digits}>{t('watch.waiting', { count: value.total })}</strong>
      <span className={text.meta}>{t(`mode.${value.mode}`)}</span>
      {!value.isOpen && <Pill look="line">{t('watch.closedNow')}</Pill>}
      {value.total > value.entries.length && (
        <span className={text.meta}>{t('watch.firstOnes', { count: value.entries.length })}</span>
      )}
      <span className={text.grow} />
      {isStale && queue.readAt !== null && (
        <span className={text.meta}>{t('queue.asOf', { at: clockTime(queue.readAt) })}</span>
      )}
    </p>
  )
}
