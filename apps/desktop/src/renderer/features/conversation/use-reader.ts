import {
  type RefObject,
  useCallback,
  useEffect,
  useEffectEvent,
  useState,
  useSyncExternalStore,
} from 'react'

import { pendingReach } from '../../app/view-state.ts'
import { useAsk } from '../../bridge/bridge-context.tsx'
import { isScrolledToEnd } from './scrolled-to-end.ts'
import { type ThreadItem, othersAfter } from './thread-items.ts'

/** Where the reader is, and what has come below them meanwhile. */
export function useReader(
  conversationId: string,
  items: readonly ThreadItem[],
  scroller: RefObject<HTMLElement | null>,
  isShown: boolean,
): { isAtEnd: boolean; newCount: number } {
  const subscribe = useCallback(
    (listener: () => void) => {
      // Without one until the thread is shown.
      const element = isShown ? scroller.current : null
      element?.addEventListener('scroll', listener, { passive: true })
      return () => element?.removeEventListener('scroll', listener)
    },
    [scroller, isShown],
  )
  // Asked of the page after every drawing, too: measuring moves the end without a scroll of the reader's own.
  const isAtEnd = useSyncExternalStore(subscribe, () => {
    const element = scroller.current
    // Opened at a message, the end has not been seen.
    if (element === null) return pendingReach(conversationId) === null
    return isScrolledToEnd(element)
  })
  const [lastSeen, setLastSeen] = useState<string | null>(null)
  const last = items.at(-1)?.key ?? null
  if (isAtEnd && lastSeen !== last) setLastSeen(last)
  return { isAtEnd, newCount: isAtEnd ? 0 : othersAfter(items, lastSeen) }
}

/** One's own new message is always followed: one has just written it. */
export function useOwnMessageFollowed(items: readonly ThreadItem[], scrollToEnd: () => void): void {
  const last = items.at(-1)
  const ownLast =
    last?.kind === 'message' && last.entry.isMine && last.entry.outbox !== null ? last.key : null
  const scroll = useEffectEvent(scrollToEnd)
  useEffect(() => {
    if (ownLast !== null) scroll()
  }, [ownLast])
}

/**
 * What is on the screen of a window that is being used has been read, whosever it is.
 * @param newest what stands last; null: nothing
 */
export function useMarkRead(
  conversationId: string,
  newest: string | null,
  isInView: boolean,
): void {
  const ask = useAsk()
  useEffect(() => {
    if (newest === null || !isInView) return
    const mark = () => {
      if (document.hasFocus()) void ask('reads.markRead', { conversationId })
    }
    mark()
    window.addEventListener('focus', mark)
    return () => window.removeEventListener('focus', mark)
  }, [ask, conversationId, newest, isInView])
}
