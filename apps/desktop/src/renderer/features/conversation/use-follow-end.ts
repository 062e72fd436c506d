import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from 'react'

import { pendingReach } from '../../app/view-state.ts'
import { isScrolledToEnd, scrollToEnd } from './scrolled-to-end.ts'

/** For so long after the hand's last move a scroll counts as the hand's. */
const BY_HAND_MS = 500

/**
 * Keeps a reader who is at the end at the end, however fast messages come and whatever measuring does to
 * their heights. Only the reader's own hand takes them away from it: where the page happens to be scrolled
 * in the middle of a burst says nothing about what they want.
 */
export function useFollowEnd(
  conversationId: string,
  scroller: RefObject<HTMLElement | null>,
  isShown: boolean,
): { toEnd: () => void; stay: () => void } {
  const isFollowing = useRef(pendingReach(conversationId) === null)

  useEffect(() => {
    const element = isShown ? scroller.current : null
    if (!element) return
    let byHandUntil = 0
    const touch = () => {
      byHandUntil = performance.now() + BY_HAND_MS
    }
    const press = () => {
      // A scroll bar may be held for long.
      byHandUntil = Infinity
    }
    const onScroll = () => {
      if (isScrolledToEnd(element)) isFollowing.current = true
      else if (performance.now() < byHandUntil) isFollowing.current = false
    }
    const disposals = [
      listen(element, 'scroll', onScroll),
      listen(element, 'wheel', touch),
      listen(element, 'touchmove', touch),
      listen(element, 'keydown', touch),
      listen(element, 'pointerdown', press),
      listen(window, 'pointerup', touch),
    ]
    return () => disposals.forEach((dispose) => dispose())
  }, [scroller, isShown])

  // After every drawing: what was just measured has moved the end.
  useLayoutEffect(() => {
    const element = scroller.current
    if (element && isFollowing.current) scrollToEnd(element)
  })

  const toEnd = useCallback(() => {
    isFollowing.current = true
    const element = scroller.current
    if (element) scrollToEnd(element)
  }, [scroller])
  const stay = useCallback(() => {
    isFollowing.current = false
  }, [])
  return { toEnd, stay }
}

function listen(target: EventTarget, type: string, listener: () => void): () => void {
  target.addEventListener(type, listener, { passive: true })
  return () => target.removeEventListener(type, listener)
}
