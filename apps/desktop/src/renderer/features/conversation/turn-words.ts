import type { InboxRow } from '@parley/contracts'
import type { ConversationState } from '@parley/domain'

import { type MessageId } from '../../i18n/translate.ts'

/** Whose turn it is, not what the state is called. */
const TURNS = {
  new: { words: 'turn.arriving', look: 'calm' },
  triage: { words: 'turn.arriving', look: 'calm' },
  queued: { words: 'turn.queued', look: 'line' },
  assigned: { words: 'turn.agent', look: 'accent' },
  pending_agent: { words: 'turn.agent', look: 'accent' },
  pending_customer: { words: 'turn.customer', look: 'calm' },
  closed: { words: 'turn.closed', look: 'calm' },
} as const satisfies Record<
  ConversationState,
  { words: MessageId; look: 'calm' | 'accent' | 'line' }
>

/** "Waiting for you" only where it is oneself; a colleague is named. */
export function turnOf(row: Pick<InboxRow, 'status' | 'assignedTo'>, myId: string) {
  const turn = TURNS[row.status]
  if (turn.words !== 'turn.agent') return turn
  return row.assignedTo === myId
    ? ({ words: 'turn.me', look: 'accent' } as const)
    : ({ words: 'turn.colleague', look: 'line' } as const)
}
