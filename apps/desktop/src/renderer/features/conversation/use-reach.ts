import { useEffect, useEffectEvent, useLayoutEffect } from 'react'

import { type Reach, useViewState } from '../../app/view-state.ts'
import { viewStore } from '../../app/view-store.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { notify } from '../../ui/notice-state.ts'
import { type ThreadItem } from './thread-items.ts'
import { type OpenThread } from './use-thread.ts'

const MARKED_MS = 2400

/** The message that one has just been brought to. */
export const useMark = viewStore<{ marked: Reach | null }>(() => ({ marked: null }))

/** Goes to the message that was asked for, reading as far back as it takes, and marks it for a moment. */
export function useReach(
  conversationId: string,
  items: readonly ThreadItem[],
  { isRead, missed, readAsFarAs }: OpenThread,
  goTo: (index: number) => void,
): void {
  const t = useTranslate()
  const reach = useViewState((state) => ofConversation(state.reach, conversationId))
  const marked = useMark((state) => ofConversation(state.marked, conversationId))
  const index = reach
    ? items.findIndex(
        (item) => item.kind === 'message' && item.entry.message.id === reach.messageId,
      )
    : -1
  const goToLatest = useEffectEvent(goTo)

  useLayoutEffect(() => {
    if (!reach || !isRead) return
    const { leaveReach } = useViewState.getState()
    if (index !== -1) {
      goToLatest(index)
      leaveReach(reach)
      useMark.setState({ marked: reach })
    } else if (missed === reach.messageId) {
      leaveReach(reach)
      notify(`conversation:${conversationId}`, {
        title: t('message.gone'),
        detail: t('message.goneDetail'),
      })
    } else readAsFarAs(reach.messageId)
  }, [reach, isRead, index, missed, readAsFarAs, conversationId, t])

  useEffect(() => {
    if (!marked) return
    const unmark = () =>
      useMark.setState((state) => (state.marked === marked ? { marked: null } : {}))
    const timer = setTimeout(unmark, MARKED_MS)
    return () => clearTimeout(timer)
  }, [marked])
}

function ofConversation<Place extends { conversationId: string }>(
  place: Place | null,
  conversationId: string,
): Place | null {
  return place?.conversationId === conversationId ? place : null
}
