import type { ConnectionView } from '@parley/contracts'
import { CloudOff, Clock, type LucideIcon, RefreshCw, TriangleAlert } from 'lucide-react'
import { type ReactNode } from 'react'

import { runCommand } from '../../app/commands.ts'
import { useViewState } from '../../app/view-state.ts'
import { useConnected } from '../../bridge/bridge-context.tsx'
import { useIsSlow } from '../../bridge/use-read.ts'
import { useConnection, useSession, useWaitsForServer } from '../../bridge/views.ts'
import { since, when } from '../../i18n/phrases.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import text from '../../ui/text.module.css'
import styles from './connection-status.module.css'

/**
 * The status slot. A healthy connection says nothing. Short reconnections say nothing either: the
 * engine tries for itself, and a flicker of words would be noise.
 */
export function ConnectionStatus() {
  const connection = useConnection()
  const session = useSession()
  const waits = useWaitsForServer()
  const slowToConnect = useIsSlow(connection?.state === 'connecting', 1500)
  return (
    <div
      className={classNames(styles.status, waits && styles.waiting)}
      role="status"
      aria-live="polite"
    >
      {connection && session?.state === 'signed_in' && (
        <Words connection={connection} slowToConnect={slowToConnect} />
      )}
    </div>
  )
}

function Words({
  connection,
  slowToConnect,
}: {
  connection: ConnectionView
  slowToConnect: boolean
}) {
  const t = useTranslate()
  const { waiting, refused, state, bootstrapping } = connection
  const what = waiting + refused === 0 ? '' : t('offline.waits', { waiting, refused })
  const whatShort = waiting + refused === 0 ? '' : t('offline.waitsShort', { waiting, refused })

  if (connection.trouble !== null) {
    const isFull = connection.trouble === 'disk_full'
    return (
      <Line
        icon={TriangleAlert}
        title={t(isFull ? 'trouble.full' : 'trouble.other')}
        long={t(isFull ? 'trouble.full.words' : 'trouble.other.words')}
      />
    )
  }
  if (state === 'offline' && connection.leaseEndsAt !== null) {
    return (
      <Line
        icon={TriangleAlert}
        title={t('lease.ends', { at: when(Date.parse(connection.leaseEndsAt), t) })}
        long={t('lease.words')}
      >
        <RetryNowButton />
      </Line>
    )
  }
  if (state === 'offline' && connection.isNotUnderstood) {
    return (
      <Line icon={TriangleAlert} title={t('notUnderstood.title')} long={t('notUnderstood.words')}>
        <RetryNowButton />
      </Line>
    )
  }
  if (state === 'offline') {
    return (
      <Line
        icon={CloudOff}
        title={t('offline.since', { since: since(Date.parse(connection.since), t) })}
        brief={t('offline.brief')}
        long={what || t('offline.nothingWaits')}
        short={whatShort}
      >
        {waiting + refused > 0 ? <OutboxButton /> : <RetryNowButton />}
      </Line>
    )
  }
  if (bootstrapping) {
    return (
      <Line
        icon={RefreshCw}
        title={t('bootstrapping.title')}
        long={t('bootstrapping.rows', { count: bootstrapping.loaded })}
      />
    )
  }
  if (slowToConnect) {
    const synced = connection.syncedAt
      ? t('connecting.syncedAt', { at: when(Date.parse(connection.syncedAt), t) })
      : ''
    return <Line icon={RefreshCw} title={t('connecting.title')} long={synced} />
  }
  if (refused > 0) {
    return (
      <Line icon={TriangleAlert} title={t('refused.count', { count: refused })}>
        <OutboxButton />
      </Line>
    )
  }
  // What is sent at once never shows; what does not get through for a while does.
  return <SlowOutbox waiting={waiting} />
}

function SlowOutbox({ waiting }: { waiting: number }) {
  const t = useTranslate()
  const slow = useIsSlow(waiting > 0, 5000)
  if (!slow) return null
  return (
    <Line icon={Clock} title={t('waiting.count', { count: waiting })}>
      <OutboxButton />
    </Line>
  )
}

function Line({
  icon,
  title,
  brief,
  long,
  short,
  children,
}: {
  icon: LucideIcon
  title: string
  /** Instead of the title where there is room for no more, as beside an escalation. */
  brief?: string
  long?: string
  /** Instead of the long words in a narrow window. */
  short?: string
  children?: ReactNode
}) {
  return (
    <>
      <Icon of={icon} className={brief === undefined ? undefined : styles.icon} />
      <span className={text.cut}>
        <strong className={brief === undefined ? undefined : styles.title}>{title}</strong>
        {brief !== undefined && <strong className={styles.brief}>{brief}</strong>}{' '}
        <span className={styles.long}>{long}</span>
        <span className={styles.short}>{short}</span>
      </span>
      {children}
    </>
  )
}

function OutboxButton() {
  const t = useTranslate()
  const isOpen = useViewState((state) => state.sheet === 'outbox')
  return (
    <Button
      look="line"
      size="small"
      keysOf="go.waiting"
      aria-haspopup="dialog"
      aria-expanded={isOpen}
      onClick={() => runCommand('go.waiting')}
    >
      {t('offline.look')}
    </Button>
  )
}

function RetryNowButton() {
  const t = useTranslate()
  const { client } = useConnected()
  return (
    <Button
      look="line"
      size="small"
      onClick={() => void client.ask('connection.retryNow', undefined)}
    >
      {t('offline.retryNow')}
    </Button>
  )
}
