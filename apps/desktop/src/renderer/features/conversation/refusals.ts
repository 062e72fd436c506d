import type { AppError } from '@parley/contracts'

import { type RefusalWords } from '../../contributions/contribution.ts'

const BY_ACTION: Record<string, RefusalWords> = {
  claim: { did: 'conflict.claimed' },
  claimed: { did: 'conflict.claimed' },
  'conversation.assigned': { did: 'conflict.assigned' },
  routed: { did: 'conflict.routed' },
  assign: { did: 'conflict.assigned' },
  transfer: { did: 'conflict.transferred' },
  'conversation.transferred': { did: 'conflict.transferred' },
  release: { did: 'conflict.released' },
  'conversation.unassigned': { did: 'conflict.released' },
  take_over: { did: 'conflict.tookOver' },
  close: { did: 'conflict.closed' },
  'conversation.closed': { did: 'conflict.closed' },
  reopen: { did: 'conflict.reopened' },
  'conversation.reopened': { did: 'conflict.reopened' },
  already_open: { title: 'error.conflict.alreadyOpen' },
  message_not_failed: { title: 'error.conflict.messageMoved' },
}

/** What somebody else did with the conversation in between, or what stands in the way of it. */
export function conversationRefusal({ code, details }: AppError): RefusalWords | null {
  const { action, by, assignedTo } = details
  if (code === 'reply_outdated' && by === null) return { title: 'error.reply_outdated.fromPhone' }
  if (code !== 'conflict' || typeof action !== 'string') return null
  // Who assigned it to themselves claimed it.
  if (action === 'conversation.assigned' && typeof by === 'string' && by === assignedTo)
    return { did: 'conflict.claimed' }
  return BY_ACTION[action] ?? null
}
