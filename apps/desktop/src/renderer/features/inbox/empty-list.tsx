import type { InboxView } from '@parley/contracts'
import { Archive, Inbox, Layers, type LucideIcon, TimerOff } from 'lucide-react'

import { type Extent, useExtent } from '../../bridge/use-is-partial.ts'
import { useReadAll } from '../../bridge/use-read.ts'
import { useConnection, useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Blank } from '../../ui/blank.tsx'
import { Button } from '../../ui/button.tsx'
import { emptyTitle } from './empty-title.ts'
import { useFilterOf } from './list-sections.tsx'
import { type ListWay, setListWay } from './list-state.ts'

const ICONS: Record<InboxView['kind'], LucideIcon> = {
  mine: Inbox,
  team: Inbox,
  open: Layers,
  closed: Archive,
}

/** Says what is next, and offers it with its key; and no more than what is known. */
export function EmptyList({
  view,
  way,
  extent,
  onClaimNext,
}: {
  view: InboxView
  way: ListWay
  /** How far it is known that it is empty. */
  extent: Extent
  onClaimNext: (() => void) | null
}) {
  const t = useTranslate()
  const { teams } = useDirectory()
  const { value: counts } = useReadAll('inbox.counts')
  const queued = Object.entries(counts?.teams ?? {}).filter(([, count]) => count > 0)
  const total = queued.reduce((sum, [, count]) => sum + count, 0)
  const only = queued.length === 1 ? queued[0] : undefined
  const where = only ? (teams.get(only[0])?.name ?? null) : null
  const offersNext = view.kind === 'mine' && total > 0 && onClaimNext !== null

  const connection = useConnection()
  const queues = useExtent(counts)
  const filter = useFilterOf(way)
  const title = emptyTitle(view.kind, {
    extent,
    isFiltered: filter !== null,
    isLoading: connection !== undefined && connection.bootstrapping !== null,
  })
  const icon = filter === null ? ICONS[view.kind] : TimerOff
  if (title === null) return null
  const words = title === 'filtered' ? (filter?.empty ?? '') : t(title)
  if (filter !== null) {
    return (
      <Blank
        icon={icon}
        title={words}
        actions={
          <Button look="line" onClick={() => setListWay(view, filter.cleared)}>
            {t('empty.due.showAll')}
          </Button>
        }
      />
    )
  }
  if (extent !== 'all') {
    const isOffline = connection?.state === 'offline'
    return (
      <Blank icon={icon} title={words}>
        {isOffline && t('emptyHere.words')}
      </Blank>
    )
  }
  return (
    <Blank
      icon={icon}
      title={words}
      actions={
        offersNext && (
          <Button look="primary" keysOf="queue.claimNext" onClick={onClaimNext}>
            {t('queue.claimNext')}
          </Button>
        )
      }
    >
      {view.kind !== 'mine'
        ? t(`empty.${view.kind}.words`)
        : total === 0
          ? queues !== 'unknown' && t(queues === 'all' ? 'empty.mine.noQueue' : 'emptyHere.queues')
          : where !== null
            ? t('empty.mine.queueOf', { count: total, team: where })
            : t('empty.mine.queues', { count: total })}
    </Blank>
  )
}
