import { type ConversationRow } from '@parley/contracts'

import { type OutboxRecord } from '../outbox/outbox-record.ts'

/** The conversation as its person sees it: what the server said, with their unsent intents carried out. */
export function effectiveConversation(
  row: ConversationRow,
  intents: readonly OutboxRecord[],
  myId: string,
): ConversationRow {
  let effective = row
  for (const intent of intents) {
    if (intent.state !== 'refused') effective = withIntent(effective, intent, myId)
  }
  return effective
}

function withIntent(row: ConversationRow, intent: OutboxRecord, myId: string): ConversationRow {
  const { payload } = intent
  switch (payload.kind) {
    case 'reply':
      return {
        ...row,
        status: row.status === 'closed' ? 'closed' : 'pending_customer',
        waitingSince: null,
        lastMessageAt: intent.created_at,
      }
    case 'retry':
    case 'settle':
    case 'acknowledge':
      return row
    case 'claim':
    case 'take_over':
      return ownedBy(row, myId, intent.created_at)
    case 'assign':
      return ownedBy(row, payload.userId, intent.created_at)
    case 'transfer':
      return payload.to.kind === 'person'
        ? ownedBy(row, payload.to.userId, intent.created_at)
        : queued({ ...row, teamId: payload.to.teamId }, intent.created_at)
    case 'release':
      return queued(row, intent.created_at)
    case 'close':
      return {
        ...row,
        status: 'closed',
        closedAt: intent.created_at,
        closedBy: myId,
        closeReason: payload.reason,
        waitingSince: null,
      }
    case 'set_priority':
      return { ...row, priority: payload.priority }
    case 'reopen':
      return {
        ...queued(row, intent.created_at),
        closedAt: null,
        closedBy: null,
        closeReason: null,
      }
  }
}

function ownedBy(row: ConversationRow, userId: string, at: string): ConversationRow {
  return { ...row, status: 'assigned', assignedTo: userId, assignedAt: at, queuedAt: null }
}

function queued(row: ConversationRow, at: string): ConversationRow {
  return { ...row, status: 'queued', assignedTo: null, queuedAt: at }
}
