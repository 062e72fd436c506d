import type { InboxView } from '@parley/contracts'
import { Archive, Inbox, Layers, type LucideIcon, TimerOff } from 'lucide-react'

import { useReadAll } from '../../bridge/use-read.ts'
import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Blank } from '../../ui/blank.tsx'
import { Button } from '../../ui/button.tsx'
import { useFilterOf } from './list-sections.tsx'
import { type ListWay, setListWay } from './list-state.ts'

const ICONS: Record<InboxView['kind'], LucideIcon> = {
  mine: Inbox,
  team: Inbox,
  open: Layers,
  closed: Archive,
}

/** Says what is next, and offers it with its key. */
export function EmptyList({
  view,
  way,
  onClaimNext,
}: {
  view: InboxView
  way: ListWay
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

  const filter = useFilterOf(way)
  if (filter !== null) {
    return (
      <Blank
        icon={TimerOff}
        title={filter.empty}
        actions={
          <Button look="line" onClick={() => setListWay(view, filter.cleared)}>
            {t('empty.due.showAll')}
          </Button>
        }
      />
    )
  }
  return (
    <Blank
      icon={ICONS[view.kind]}
      title={t(`empty.${view.kind}`)}
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
          ? t('empty.mine.noQueue')
          : where !== null
            ? t('empty.mine.queueOf', { count: total, team: where })
            : t('empty.mine.queues', { count: total })}
    </Blank>
  )
}
