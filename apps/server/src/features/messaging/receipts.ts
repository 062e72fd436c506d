import { advanceAttempt, type ReceiptStatus } from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { type Receipt } from '../channels/index.ts'
import { attemptSpokenOf, lockSentMessage, type Attempt } from './attempts.queries.ts'
import { applyAttempts, changeMessage } from './change-message.ts'
import { lockChannelMessageId, parkReceipt, takeParkedReceipts } from './messages.queries.ts'

/**
 * Moves the attempt that the channel speaks of. Receipts come twice, in any order, and before the answer to the send
 * itself; one whose attempt is unknown is parked, which is normal and not fatal.
 */
export async function applyReceipt(
  services: Services,
  receipt: Receipt,
  receivedAt: Date,
): Promise<'applied' | 'unchanged' | 'parked'> {
  const heard = { ...receipt, occurredAt: receipt.occurredAt ?? receivedAt }
  const spokenOf =
    (await attemptSpokenOf(services.db, receipt)) ?? (await parkUnlessKnown(services, heard))
  if (spokenOf === null) return 'parked'
  const isChanged = await changeMessage(
    services,
    spokenOf.message_id,
    spokenOf.conversation_id,
    async (_tx, { attempts }) => withReceipt(attempts, spokenOf.attempt_id, heard),
  )
  return isChanged ? 'applied' : 'unchanged'
}

/** The send may be about to record this id: one of the two waits, and then sees the other's work. */
async function parkUnlessKnown(
  { db }: Services,
  receipt: Receipt & { occurredAt: Date },
): ReturnType<typeof attemptSpokenOf> {
  return db.transaction(async (tx) => {
    await lockChannelMessageId(tx, receipt.channelMessageId)
    const spokenOf = await attemptSpokenOf(tx, receipt)
    if (spokenOf === null) await parkReceipt(tx, receipt)
    return spokenOf
  })
}

/**
 * The channel took a try under this id: what it already said of the id is applied now. Whatever has been believed of
 * the try meanwhile, this is what became of it.
 */
export async function recordAccepted(
  services: Services,
  send: { attemptId: string; messageId: string; conversationId: string; channelMessageId: string },
): Promise<void> {
  const { attemptId, channelMessageId } = send
  await changeMessage(services, send.messageId, send.conversationId, async (tx, { attempts }) => {
    await lockChannelMessageId(tx, channelMessageId)
    const parked = await takeParkedReceipts(tx, channelMessageId)
    const taken = { status: 'sent' as const, occurredAt: services.clock.now(), failedReason: null }
    return withReceipts(attempts, attemptId, [{ channelMessageId, ...taken }, ...parked])
  })
}

/**
 * What the business's own phone sent has come here, in a transaction that holds its conversation locked: what the
 * channel said of it before that is applied now.
 */
export async function applyParkedReceipts(
  services: Services,
  tx: Transaction,
  channelMessageId: string,
): Promise<void> {
  await lockChannelMessageId(tx, channelMessageId)
  const parked = await takeParkedReceipts(tx, channelMessageId)
  if (parked.length === 0) return
  const spokenOf = await attemptSpokenOf(tx, { channelMessageId, attemptId: null })
  const message = spokenOf && (await lockSentMessage(tx, spokenOf.message_id))
  if (message === null) return
  const attempts = withReceipts(message.attempts, spokenOf?.attempt_id ?? '', parked)
  if (attempts !== null) await applyAttempts(services, tx, message, attempts, { actorId: null })
}

interface Heard {
  channelMessageId: string
  status: ReceiptStatus
  occurredAt: Date
  failedReason: string | null
}

/** @returns null where they say nothing new */
function withReceipts(
  attempts: Attempt[],
  attemptId: string,
  heard: readonly Heard[],
): Attempt[] | null {
  const changed = heard.reduce(
    (before, one) => withReceipt(before, attemptId, one) ?? before,
    attempts,
  )
  return changed === attempts ? null : changed
}

/** @returns null where it says nothing new */
function withReceipt(
  attempts: readonly Attempt[],
  attemptId: string,
  heard: Heard,
): Attempt[] | null {
  const attempt = attempts.find(({ id }) => id === attemptId)
  if (attempt === undefined) return null
  const state = advanceAttempt(attempt.state, heard.status)
  if (state === attempt.state && attempt.channel_message_id !== null) return null
  const isArrived = state === 'delivered' || state === 'read'
  const next: Attempt = {
    ...attempt,
    state,
    channel_message_id: heard.channelMessageId,
    failed_reason: state === 'failed' ? (heard.failedReason ?? attempt.failed_reason) : null,
    sent_at: attempt.sent_at ?? (state === 'sent' || isArrived ? heard.occurredAt : null),
    delivered_at: attempt.delivered_at ?? (isArrived ? heard.occurredAt : null),
    read_at: attempt.read_at ?? (state === 'read' ? heard.occurredAt : null),
  }
  return attempts.map((one) => (one === attempt ? next : one))
}
