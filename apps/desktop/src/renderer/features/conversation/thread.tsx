import type { ConversationView } from '@parley/contracts'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef } from 'react'

import { useIsSlow } from '../../bridge/use-read.ts'
import { useConnection } from '../../bridge/views.ts'
import { useTimeZone } from '../../i18n/time-zone.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { FailedBlank } from '../../ui/blank.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Bubble } from './bubble.tsx'
import { EventLine } from './event-line.tsx'
import { RefusedBlock } from './refused-block.tsx'
import { ThreadAnnouncer } from './thread-announcer.tsx'
import { type ThreadItem, threadItems } from './thread-items.ts'
import { DayLine, NewSinceLine } from './thread-lines.tsx'
import { ThreadSkeleton } from './thread-skeleton.tsx'
import styles from './thread.module.css'
import { useFollowEnd } from './use-follow-end.ts'
import { useReach } from './use-reach.ts'
import { useMarkRead, useOwnMessageFollowed, useReader } from './use-reader.ts'
import { useThread } from './use-thread.ts'

const ESTIMATES: Record<ThreadItem['kind'], number> = {
  day: 32,
  new_since: 32,
  event: 26,
  message: 62,
  refused: 150,
}
/** So near the top older messages are asked for. */
const NEAR_TOP_PX = 900

interface ThreadProps {
  conversation: ConversationView
  onEdit: ((text: string) => void) | null
}

/**
 * The thread, anchored at its bottom. Only what is in view is drawn, so that thousands of messages cost
 * no more than a screenful; older ones come in above without a jump, and new ones never scroll a reader
 * who has scrolled up.
 */
export function Thread({ conversation, onEdit }: ThreadProps) {
  const t = useTranslate()
  const { row, refused } = conversation
  const thread = useThread(row.id)
  const { entries, hasOlder, isPartial, seenSeq, isRead, error, readOlder, readAgain } = thread
  // Where days begin is the zone's.
  const zone = useTimeZone()
  const items = useMemo(
    () => threadItems(entries, seenSeq, refused, hasOlder),
    // oxlint-disable-next-line react/exhaustive-deps -- read from the clock, not handed over
    [entries, seenSeq, refused, hasOlder, zone],
  )
  const scroller = useRef<HTMLDivElement>(null)

  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => ESTIMATES[items[index]?.kind ?? 'message'],
    getItemKey: useCallback((index: number) => items[index]?.key ?? index, [items]),
    anchorTo: 'end',
    overscan: 12,
    paddingStart: 8,
    paddingEnd: 14,
    useFlushSync: false,
  })

  const { toEnd, stay } = useFollowEnd(row.id, scroller, isRead)
  useReach(row.id, items, thread, (index) => {
    stay()
    virtualizer.scrollToIndex(index, { align: 'center' })
  })
  const reader = useReader(row.id, items, scroller, isRead)
  useOwnMessageFollowed(items, toEnd)
  useMarkRead(row.id, items.at(-1)?.key ?? null, isRead && !isPartial && reader.isAtEnd)

  const askedFor = useRef<string | null>(null)
  const onScroll = () => {
    const first = entries[0]?.key ?? null
    const element = scroller.current
    if (element && hasOlder && element.scrollTop < NEAR_TOP_PX && askedFor.current !== first) {
      askedFor.current = first
      void readOlder()
    }
  }
  // A first page that does not fill the window cannot be scrolled: the next one comes by itself, and what is not
  // here when the line is back.
  const firstKey = entries[0]?.key
  const connection = useConnection()?.state
  useEffect(() => {
    const element = scroller.current
    if (isRead && hasOlder && element && element.scrollHeight <= element.clientHeight + 1)
      void readOlder()
  }, [isRead, hasOlder, firstKey, connection, readOlder])

  const slow = useIsSlow(!isRead && error === null)
  if (!isRead) {
    if (error) return <FailedBlank title={t('thread.failed')} error={error} onRetry={readAgain} />
    return <div className={styles.wrap}>{slow && <ThreadSkeleton />}</div>
  }
  return (
    <div className={styles.wrap}>
      <div
        className={styles.scroll}
        ref={scroller}
        onScroll={onScroll}
        tabIndex={0}
        data-pane-focus
        role="log"
        // What is drawn here is what is in view: `ThreadAnnouncer` says what is new.
        aria-live="off"
        aria-label={t('thread.label', { name: row.title })}
      >
        {isPartial && <p className={styles.partial}>{t('thread.partial')}</p>}
        <div className={styles.canvas} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, key, start }) => {
            const item = items[index]
            return (
              item && (
                <div
                  key={key}
                  ref={virtualizer.measureElement}
                  data-index={index}
                  className={styles.item}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <Item
                    item={item}
                    canReply={conversation.abilities.reply && !isPartial}
                    onEdit={onEdit}
                  />
                </div>
              )
            )
          })}
        </div>
      </div>
      <ThreadAnnouncer items={items} title={row.title} />
      {error && (
        <div className={styles.olderFailed} role="alert">
          {t('thread.olderFailed')}
          <Button
            size="small"
            look="line"
            onClick={() => {
              askedFor.current = null
              void readOlder()
            }}
          >
            {t('action.retry')}
          </Button>
        </div>
      )}
      {!reader.isAtEnd && (
        <Button className={styles.newer} onClick={toEnd}>
          <Icon of={ArrowDown} size={14} />
          {reader.newCount > 0 ? t('thread.newer', { count: reader.newCount }) : t('thread.toEnd')}
        </Button>
      )}
    </div>
  )
}

function Item({
  item,
  canReply,
  onEdit,
}: {
  item: ThreadItem
  canReply: boolean
  onEdit: ((text: string) => void) | null
}) {
  switch (item.kind) {
    case 'day':
      return <DayLine at={item.at} />
    case 'new_since':
      return <NewSinceLine at={item.at} />
    case 'message':
      return (
        <Bubble
          entry={item.entry}
          isFirstOfRun={item.isFirstOfRun}
          showsAuthor={item.showsAuthor}
          canReply={canReply}
        />
      )
    case 'event':
      return <EventLine entry={item.entry} />
    case 'refused':
      return <RefusedBlock intent={item.intent} onEdit={onEdit} />
  }
}
