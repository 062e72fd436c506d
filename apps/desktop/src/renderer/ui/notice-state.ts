import { create } from 'zustand'

import { type Words } from '../bridge/error-words.ts'
import { type CommandId } from '../contributions/contributed.ts'

/**
 * What could not be done just now, said beside where it was asked: under the list, over the composer, or
 * at the foot of the window. It stays until it is read or the same thing works; it is never a toast. Only what can be
 * undone (`undo`) is no trouble, and goes by itself with the time in which it can.
 */
export type NoticePlace = 'window' | 'list' | 'undo' | `conversation:${string}`

export interface Notice extends Words {
  place: NoticePlace
  /** The useful next thing, if there is one. */
  action?: { label: string; run: () => void; keysOf?: CommandId }
}

interface NoticeState {
  notices: readonly Notice[]
}

export const useNotices = create<NoticeState>()(() => ({ notices: [] }))

/** One notice a place: the newest says what is so now. */
export function notify(place: NoticePlace, words: Words, action?: Notice['action']): void {
  const notice: Notice = { place, ...words, ...(action ? { action } : {}) }
  useNotices.setState(({ notices }) => ({
    notices: [...notices.filter((other) => other.place !== place), notice],
  }))
}

export function clearNotice(place: NoticePlace): void {
  useNotices.setState(({ notices }) => ({
    notices: notices.filter((notice) => notice.place !== place),
  }))
}
