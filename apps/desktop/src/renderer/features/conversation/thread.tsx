import type { ConversationView } from '@parley/contracts'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { useIsSlow } from '../../bridge/use-read.ts'
import { clockTime, dayName, timeOrDate } from '../../i18n/moments.ts'
import { useLanguage, useTranslate } from '../../i18n/use-translate.tsx'
import { FailedBlank } from '../../ui/blank.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import { useNow } from '../../ui/use-now.ts'
import { Bubble } from './bubble.tsx'
import { EventLine } from './event-line.tsx'
import { RefusedBlock } from './refused-block.tsx'
import { type ThreadItem, othersAfter, threadItems } from './thread-items.ts'
import { ThreadSkeleton } from './thread-skeleton.tsx'
import styles from './thread.module.css'
import { useThread } from './use-thread.ts'

const ESTIMATES: Record<ThreadItem['kind'], number> = {
  day: 32,
  new_since: 32,
  event: 26,
  message: 62,
  refused: 150,
}
/** So near the bottom a reader counts as being at it. */
const AT_END_PX = 40
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
  const { entries, hasOlder, seenSeq, isRead, error, readOlder, readAgain } = useThread(row.id)
  const items = useMemo(
    () => threadItems(entries, seenSeq, refused, hasOlder),
    [entries, seenSeq, refused, hasOlder],
  )
  const scroller = useRef<HTMLDivElement>(null)

  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => ESTIMATES[items[index]?.kind ?? 'message'],
    getItemKey: useCallback((index: number) => items[index]?.key ?? index, [items]),
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: AT_END_PX,
    overscan: 12,
    paddingStart: 8,
    paddingEnd: 14,
    useFlushSync: false,
  })

  // Begins at the end, before the first paint.
  const hasItems = items.length > 0
  useLayoutEffect(() => {
    if (hasItems) virtualizer.scrollToEnd()
  }, [hasItems, virtualizer])

  const reader = useReader(items, () => virtualizer.isAtEnd(AT_END_PX))
  useOwnMessageFollowed(items, () => virtualizer.scrollToEnd())
  useMarkSeen(row.id, row.unread, isRead && reader.isAtEnd)

  const askedFor = useRef<string | null>(null)
  const onScroll = () => {
    reader.look()
    const first = entries[0]?.key ?? null
    const element = scroller.current
    if (element && hasOlder && element.scrollTop < NEAR_TOP_PX && askedFor.current !== first) {
      askedFor.current = first
      void readOlder()
    }
  }
  // A first page that does not fill the window cannot be scrolled: the next one comes by itself.
  useEffect(() => {
    const element = scroller.current
    if (isRead && hasOlder && element && element.scrollHeight <= element.clientHeight + 1)
      void readOlder()
  }, [isRead, hasOlder, entries, readOlder])

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
        aria-live="polite"
        aria-label={t('thread.label', { name: row.title })}
      >
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
                  <Item item={item} canReply={conversation.abilities.reply} onEdit={onEdit} />
                </div>
              )
            )
          })}
        </div>
      </div>
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
        <Button className={styles.newer} onClick={() => virtualizer.scrollToEnd()}>
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

function DayLine({ at }: { at: number }) {
  const t = useTranslate()
  const language = useLanguage()
  const { day, date } = dayName(at, useNow('minute'), language)
  return (
    <div className={styles.day}>
      <span>{day === 'other' ? capitalised(date) : t(`day.${day}`, { date })}</span>
    </div>
  )
}

const capitalised = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)

function NewSinceLine({ at }: { at: number }) {
  const t = useTranslate()
  const language = useLanguage()
  const now = useNow('minute')
  const isToday = timeOrDate(at, now, language) === clockTime(at)
  return (
    <div className={classNames(styles.day, styles.newSince)}>
      <span>
        {isToday
          ? t('thread.newSince', { at: clockTime(at) })
          : t('thread.newSinceDate', { at: timeOrDate(at, now, language) })}
      </span>
    </div>
  )
}

/** Where the reader is, and what has come below them meanwhile. */
function useReader(items: readonly ThreadItem[], isAtEndNow: () => boolean) {
  const [isAtEnd, setAtEnd] = useState(true)
  const [lastSeen, setLastSeen] = useState<string | null>(null)
  const last = items.at(-1)?.key ?? null
  useEffect(() => {
    if (isAtEnd) setLastSeen(last)
  }, [isAtEnd, last])
  // Measuring moves the end without a scroll of the reader's own.
  useEffect(() => setAtEnd(isAtEndNow()))
  return {
    isAtEnd,
    newCount: isAtEnd ? 0 : othersAfter(items, lastSeen),
    look: () => setAtEnd(isAtEndNow()),
  }
}

/** One's own new message is always followed: one has just written it. */
function useOwnMessageFollowed(items: readonly ThreadItem[], scrollToEnd: () => void): void {
  const last = items.at(-1)
  const ownLast =
    last?.kind === 'message' && last.entry.isMine && last.entry.outbox !== null ? last.key : null
  const scroll = useRef(scrollToEnd)
  useLayoutEffect(() => {
    scroll.current = scrollToEnd
  })
  useEffect(() => {
    if (ownLast !== null) scroll.current()
  }, [ownLast])
}

/** What is on the screen of a window that is being used has been seen. */
function useMarkSeen(conversationId: string, unread: number, isInView: boolean): void {
  const ask = useAsk()
  useEffect(() => {
    if (unread === 0 || !isInView) return
    const mark = () => {
      if (document.hasFocus()) void ask('conversation.markSeen', { conversationId })
    }
    mark()
    window.addEventListener('focus', mark)
    return () => window.removeEventListener('focus', mark)
  }, [ask, conversationId, unread, isInView])
}
