import { type ConversationRow, type PutItem } from '@parley/contracts'

import { type EngineFeature } from '../../feature.ts'

/** What a person does with a conversation: how it is shown at once, and the procedure that it becomes. */
export const conversationIntents = {
  claim: {
    shown: (row, _intent, { myId, at }) => ownedBy(row, myId, at),
    carryOut: (trpc, _intent, ids) => rowsOf(trpc.conversations.claim.mutate(ids)),
  },
  take_over: {
    shown: (row, _intent, { myId, at }) => ownedBy(row, myId, at),
    carryOut: (trpc, _intent, ids) => rowsOf(trpc.conversations.takeOver.mutate(ids)),
  },
  assign: {
    shown: (row, { userId }, { at }) => ownedBy(row, userId, at),
    carryOut: (trpc, { userId }, ids) =>
      rowsOf(trpc.conversations.assign.mutate({ ...ids, userId })),
  },
  transfer: {
    shown: (row, { to }, { at }) =>
      to.kind === 'person'
        ? ownedBy(row, to.userId, at)
        : queued({ ...row, teamId: to.teamId }, at),
    carryOut: (trpc, { to, note }, ids) =>
      rowsOf(trpc.conversations.transfer.mutate({ ...ids, to, note })),
  },
  release: {
    shown: (row, _intent, { at }) => queued(row, at),
    carryOut: (trpc, _intent, ids) => rowsOf(trpc.conversations.release.mutate(ids)),
  },
  close: {
    shown: (row, { reason }, { myId, at }) => ({
      ...row,
      status: 'closed',
      closedAt: at,
      closedBy: myId,
      closeReason: reason,
      waitingSince: null,
    }),
    carryOut: (trpc, { reason }, ids) =>
      rowsOf(trpc.conversations.close.mutate({ ...ids, reason })),
  },
  reopen: {
    shown: (row, _intent, { at }) => ({
      ...queued(row, at),
      closedAt: null,
      closedBy: null,
      closeReason: null,
    }),
    carryOut: (trpc, _intent, ids) => rowsOf(trpc.conversations.reopen.mutate(ids)),
  },
  /** Where it was and how it stood is the server's to say. */
  undo: {
    carryOut: (trpc, { of }, ids) => rowsOf(trpc.conversations.undo.mutate({ ...ids, of })),
  },
  set_priority: {
    order: 'as_made',
    shown: (row, { priority }) => ({ ...row, priority }),
    carryOut: (trpc, { priority }, ids) =>
      rowsOf(trpc.conversations.setPriority.mutate({ ...ids, priority })),
  },
} satisfies EngineFeature['intents']

function ownedBy(row: ConversationRow, userId: string, at: string): ConversationRow {
  return { ...row, status: 'assigned', assignedTo: userId, assignedAt: at, queuedAt: null }
}

function queued(row: ConversationRow, at: string): ConversationRow {
  return { ...row, status: 'queued', assignedTo: null, queuedAt: at }
}

/** Null: done, and out of this person's reach. The feed takes it away. */
async function rowsOf(
  answer: Promise<{ conversation: ConversationRow | null }>,
): Promise<PutItem[]> {
  const { conversation } = await answer
  return conversation === null ? [] : [{ op: 'put', kind: 'conversation', row: conversation }]
}
