import { advanceStatus } from '@parley/domain'

import { type Services } from '../../platform/services.ts'
import { type Transaction } from '../../platform/database.ts'
import { type Receipt } from '../channels/index.ts'
import {
  lockChannelMessageId,
  lockMessageByChannelId,
  lockUnansweredMessage,
  parkReceipt,
  takeParkedReceipts,
  updateStatus,
  type ReceivableMessage,
} from './messages.queries.ts'

/**
 * Moves a message forward by what the channel says of it. Receipts come twice, in any order, and before
 * the answer to the send itself; one whose message is unknown is parked, which is normal and not fatal.
 */
export async function applyReceipt(
  { db, signals }: Services,
  receipt: Receipt,
  receivedAt: Date,
): Promise<'applied' | 'unchanged' | 'parked'> {
  const occurredAt = receipt.occurredAt ?? receivedAt
  return db.transaction(async (tx) => {
    let message = await lockMessageByChannelId(tx, receipt.channelMessageId)
    if (message === null) {
      // The send may be about to record this id: one of the two waits, and then sees the other's work.
      await lockChannelMessageId(tx, receipt.channelMessageId)
      message = await lockMessageByChannelId(tx, receipt.channelMessageId)
      if (message === null && receipt.messageId !== null) {
        message = await lockUnansweredMessage(tx, receipt.messageId)
      }
    }
    if (message === null) {
      await parkReceipt(tx, { ...receipt, occurredAt })
      return 'parked'
    }
    const moved = await advance(tx, message, { ...receipt, occurredAt })
    if (!moved) return 'unchanged'
    tx.afterCommit(() => signals.send('feed'))
    return 'applied'
  })
}

/** The channel took the message under this id: what it already said of the id is applied now. */
export async function recordAccepted(
  { db, signals }: Services,
  messageId: string,
  channelMessageId: string,
): Promise<void> {
  await db.transaction(async (tx) => {
    await lockChannelMessageId(tx, channelMessageId)
    // A receipt that carried our own id may have been faster.
    const message =
      (await lockUnansweredMessage(tx, messageId)) ??
      (await lockMessageByChannelId(tx, channelMessageId))
    if (message === null) return
    await advance(tx, message, {
      channelMessageId,
      status: 'sent',
      occurredAt: new Date(),
      failedReason: null,
    })
    for (const parked of await takeParkedReceipts(tx, channelMessageId)) {
      const current = await lockMessageByChannelId(tx, channelMessageId)
      if (current === null) throw new Error('a message lost its channel id within its transaction')
      await advance(tx, current, {
        channelMessageId,
        status: parked.status,
        occurredAt: parked.occurred_at,
        failedReason: parked.failed_reason,
      })
    }
    tx.afterCommit(() => signals.send('feed'))
  })
}

async function advance(
  tx: Transaction,
  message: ReceivableMessage,
  receipt: {
    channelMessageId: string
    status: Receipt['status']
    occurredAt: Date
    failedReason: string | null
  },
): Promise<boolean> {
  const status = advanceStatus(message.status, receipt.status)
  if (status === message.status && message.channel_message_id !== null) return false
  await updateStatus(
    tx,
    { id: message.id, channelMessageId: receipt.channelMessageId },
    status,
    receipt.occurredAt,
    receipt.failedReason,
  )
  return true
}
