import { useLayoutEffect } from 'react'

import { useViewState } from './view-state.ts'

/** Where words for a conversation go. */
export interface WritingPlace {
  conversationId: string
  field: HTMLElement
  /** At the caret, and the focus with them. */
  write: (words: string) => void
}

let place: WritingPlace | null = null
/** Written for a conversation that is not drawn yet. */
let ahead: { conversationId: string; words: string } | null = null

export const writingPlace = () => place

/** Offers a field to what is typed while nothing has the focus that takes it. */
export function useWritingPlace(
  conversationId: string,
  field: { current: HTMLElement | null },
  write: (words: string) => void,
): void {
  useLayoutEffect(() => {
    if (field.current === null) return
    const own: WritingPlace = { conversationId, field: field.current, write }
    place = own
    if (ahead !== null) {
      const { words, conversationId: meant } = ahead
      ahead = null
      if (meant === conversationId) write(words)
    }
    return () => {
      if (place === own) place = null
    }
  }, [conversationId, field, write])
}

/** The conversation that one who types now writes to; null where none is in view. */
export function conversationInView(): string | null {
  const { screen, conversationId } = useViewState.getState()
  return screen.kind === 'main' ? conversationId : null
}

/** Words go to the conversation they were begun for, and to no other. */
export function writeTo(conversationId: string | null, words: string): void {
  if (conversationId === null || conversationId !== conversationInView()) return
  if (place?.conversationId === conversationId) return place.write(words)
  if (isDrawn(conversationId)) return
  const before = ahead?.conversationId === conversationId ? ahead.words : ''
  ahead = { conversationId, words: before + words }
}

/** Once it is drawn and offers no place, nobody may write there now. */
const isDrawn = (conversationId: string) =>
  document.querySelector<HTMLElement>('[data-open-conversation]')?.dataset['openConversation'] ===
  conversationId
