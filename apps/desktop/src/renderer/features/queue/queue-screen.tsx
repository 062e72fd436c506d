import { useViewState } from '../../app/view-state.ts'
import { useConnection } from '../../bridge/views.ts'
import { clockTime } from '../../i18n/moments.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Pill } from '../../ui/pill.tsx'
import text from '../../ui/text.module.css'
import { TeamScreen } from '../../ui/team-screen.tsx'
import { WhenRead } from '../../ui/when-read.tsx'
import { Members } from './members.tsx'
import styles from './queue-screen.module.css'
import { QueueTable } from './queue-table.tsx'
import { type LiveQueue, useQueue } from './use-queue.ts'

/** A team's queue as it is now, for those who answer for it: who waits, for what, and who could take it. */
export function QueueScreen({ teamId }: { teamId: string | null }) {
  const t = useTranslate()
  const showScreen = useViewState((state) => state.showScreen)
  return (
    <TeamScreen
      title={t('watch.title')}
      permission="queue.watch"
      teamId={teamId}
      onChoose={(id) => showScreen({ kind: 'watch', teamId: id })}
    >
      {(team) => <TeamQueue key={team.id} teamId={team.id} />}
    </TeamScreen>
  )
}

function TeamQueue({ teamId }: { teamId: string }) {
  const t = useTranslate()
  const queue = useQueue(teamId)
  const isOnline = useConnection()?.state === 'online'
  return (
    <div className={styles.columns} data-queue-of={teamId}>
      <div className={styles.main}>
        <WhenRead read={queue} failed={t('watch.failed')}>
          {(value) => (
            <>
              <QueueSummary queue={queue} value={value} isOnline={isOnline} />
              <QueueTable queue={value} isOnline={isOnline} />
            </>
          )}
        </WhenRead>
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
