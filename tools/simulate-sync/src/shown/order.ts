import { type TrueConversation } from './truth.ts'

/** How lists stand: the keys of each conversation, compared one after the other. */

const RANK = ['urgent', 'high', 'normal', 'low']
export const NEVER = Infinity
const rank = ({ priority }: TrueConversation): number => RANK.indexOf(priority)
const due = ({ due_at: at }: TrueConversation): number => at ?? NEVER
const waiting = (one: TrueConversation): number => one.waiting_since ?? one.queued_at ?? NEVER

export type Keys = (one: TrueConversation) => readonly (number | string)[]
export const URGENCY: Keys = (one) => [rank(one), due(one), waiting(one), one.id]
export const DUE_FIRST: Keys = (one) => [due(one), rank(one), waiting(one), one.id]
export const NEWEST_WORDS: Keys = (one) => [-(one.last_message_at ?? -NEVER), one.id]
export const NEWEST_CLOSED: Keys = (one) => [-(one.closed_at ?? -NEVER), one.id]

export function compareKeys(
  a: readonly (number | string)[],
  b: readonly (number | string)[],
): number {
  for (const [place, one] of a.entries()) {
    const other = b[place]
    if (other === undefined || one === other) continue
    return one < other ? -1 : 1
  }
  return 0
}
