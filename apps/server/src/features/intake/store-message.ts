import { isTransient, together, type Transaction } from '../../platform/database.ts'
import { type GroupCommit } from '../../platform/group-commit.ts'
import { type Services } from '../../platform/services.ts'
import { passed } from '../../platform/stages.ts'
import { type ChangedIdentity } from '../channels/index.ts'
import {
  applyTransition,
  changeConversation,
  lockLatestConversation,
  type ConversationRecord,
} from '../conversations/index.ts'
import {
  changeIdentity,
  identifyCustomer,
  IdentitiesMoved,
  type IdentifiedCustomer,
} from '../customers/index.ts'
import {
  answeredFromElsewhere,
  applyParkedReceipts,
  insertChannelMessage,
} from '../messaging/index.ts'
import { type Triage } from '../triage/index.ts'
import { conversationForMessage, conversationForQuiet } from './find-conversation.ts'
import { type Batches } from './batches.ts'
import { type AddressedMessage } from './by-channel.ts'

export interface StoreServices extends Services {
  triage: Pick<Triage, 'begin'>
  batches: Batches
}

export type Stored = 'stored' | 'duplicate' | 'unchanged'

/** A duplicate undoes whatever was prepared for it. */
class Duplicate extends Error {}

/** A customer's message, in a transaction of its own: it may open or reopen a conversation, change its state, start a clock. */
export async function storeMessage(
  services: StoreServices,
  { channelAccountId, message }: AddressedMessage,
): Promise<Stored> {
  const conversation = await once(services, async (tx) => {
    const customer = await identifyCustomer(tx, message.channel, message.customer, message.sentAt)
    const current = message.isQuiet
      ? await conversationForQuiet(tx, message, customer, channelAccountId)
      : await conversationForMessage(
          services,
          tx,
          message,
          customer,
          channelAccountId,
          message.sentAt,
        )
    const inserted = insertOrStop(tx, current, message, {
      direction: 'inbound',
      senderType: 'customer',
      senderId: customer.id,
    })
    const written = message.isQuiet
      ? Promise.resolve(current)
      : customerWrote(services, tx, current, customer, message.sentAt)
    const [, next] = await together(inserted, written)
    tx.afterCommit(() => {
      services.signals.send('feed')
      // It came into the queue just now, reopened by these words.
      if (isReopened(next)) services.signals.send('routing')
    })
    return next
  })
  if (conversation === null) return 'duplicate'
  // Not part of the message's own transaction: triage may be slow, and is found again if it is cut short.
  if (conversation.status === 'new') services.triage.begin(conversation.id)
  return 'stored'
}

/**
 * What most messages are, stored together with many others: one more in a conversation that waits for an answer anyhow,
 * or the first of somebody new.
 * @returns null where it is neither, or has to be looked at alone
 */
export async function storeTogether(
  { batches, signals, triage }: StoreServices,
  addressed: AddressedMessage,
): Promise<Stored | null> {
  if (addressed.message.isQuiet) return null
  const further = await gathered(batches.further, addressed)
  if (further?.is_stored === false) return 'duplicate'
  const stored = further ?? (await gathered(batches.first, addressed))
  if (stored === null) return null
  passed('message committed')
  signals.send('feed')
  if (further === null || further.conversation_status === 'new')
    triage.begin(stored.conversation_id)
  return 'stored'
}

/** One message that cannot be stored must not take along those that were stored with it: each is looked at alone. */
async function gathered<Result>(
  batch: GroupCommit<AddressedMessage, Result | null>,
  addressed: AddressedMessage,
): Promise<Result | null> {
  try {
    return await batch.add(addressed)
  } catch (error) {
    if (isTransient(error)) throw error
    return null
  }
}

/** The business wrote from its own phone: an answer by a person without a name. */
export async function storeEcho(
  services: StoreServices,
  { channelAccountId, message }: AddressedMessage,
): Promise<Stored> {
  const stored = await once(services, async (tx) => {
    const customer = await identifyCustomer(tx, message.channel, message.customer, message.sentAt)
    const conversation = await conversationForQuiet(tx, message, customer, channelAccountId)
    await insertOrStop(tx, conversation, message, {
      direction: 'outbound',
      senderType: 'agent',
      senderId: null,
    })
    if (!message.isQuiet) await answeredFromElsewhere(services, tx, conversation, message.sentAt)
    await applyParkedReceipts(services, tx, message.channelMessageId)
    tx.afterCommit(() => services.signals.send('feed'))
    return true
  })
  return stored === null ? 'duplicate' : 'stored'
}

/** A customer goes on under another number: the channel's own words about it stand in their thread. */
export async function storeIdentityChange(
  services: StoreServices,
  channelAccountId: string,
  change: Omit<ChangedIdentity, 'message'>,
  message: AddressedMessage['message'],
): Promise<Stored> {
  const stored = await once(services, async (tx) => {
    const customer = await changeIdentity(tx, message.channel, change, message.sentAt)
    const conversation =
      customer && (await lockLatestConversation(tx, customer.rowIds, channelAccountId))
    // Somebody who has never written here has no thread to say it in.
    if (customer === null || conversation === null) return false
    await insertOrStop(tx, conversation, message, {
      direction: 'inbound',
      senderType: 'customer',
      senderId: customer.id,
    })
    tx.afterCommit(() => services.signals.send('feed'))
    return true
  })
  if (stored === null) return 'duplicate'
  return stored ? 'stored' : 'unchanged'
}

/** @returns null for a duplicate, which changes nothing */
async function once<Result>(
  { db }: Services,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result | null> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction(work)
    } catch (error) {
      if (error instanceof Duplicate) return null
      // Who they are was settled meanwhile by somebody else's words: seen at the next look.
      if (!(error instanceof IdentitiesMoved) || attempt === 5) throw error
    }
  }
}

async function insertOrStop(
  tx: Transaction,
  conversation: ConversationRecord,
  message: AddressedMessage['message'],
  sender: Pick<Parameters<typeof insertChannelMessage>[1], 'direction' | 'senderType' | 'senderId'>,
): Promise<void> {
  const { channelMessageId, contentType, text, content, isQuiet, sentAt } = message
  const isNew = await insertChannelMessage(tx, {
    ...sender,
    conversationId: conversation.id,
    channelMessageId,
    contentType,
    text,
    content,
    isQuiet,
    sentAt,
    quotedChannelMessageId: message.quotedChannelMessageId,
  })
  if (!isNew) throw new Duplicate()
}

async function customerWrote(
  services: Services,
  tx: Transaction,
  current: ConversationRecord,
  customer: IdentifiedCustomer,
  sentAt: Date,
): Promise<ConversationRecord> {
  const isLatest = current.last_inbound_at === null || current.last_inbound_at <= sentAt
  const set = {
    first_message_at: earliest(current.first_message_at, sentAt),
    waiting_since: earliest(current.waiting_since, sentAt),
    last_inbound_at: latestOf(current.last_inbound_at, sentAt),
    last_message_at: latestOf(current.last_message_at, sentAt),
    reply_identity_id: (isLatest && customer.identityId) || current.reply_identity_id,
  }
  if (current.status === 'pending_customer') {
    return applyTransition(services, tx, current, 'customer_wrote', { actorId: null, set })
  }
  const next = { ...current, ...set }
  return isSame(current, next) ? current : changeConversation(services, tx, current, set)
}

function isReopened({ status, queued_at, now }: ConversationRecord): boolean {
  return status === 'queued' && queued_at?.getTime() === now.getTime()
}

const TIMES = ['first_message_at', 'waiting_since', 'last_inbound_at', 'last_message_at'] as const

/** A conversation that was opened by this very message carries all of it already. */
function isSame(a: ConversationRecord, b: ConversationRecord): boolean {
  return (
    a.reply_identity_id === b.reply_identity_id &&
    TIMES.every((name) => a[name]?.getTime() === b[name]?.getTime())
  )
}

function earliest(known: Date | null, other: Date): Date {
  return known !== null && known <= other ? known : other
}

function latestOf(known: Date | null, other: Date): Date {
  return known !== null && known >= other ? known : other
}
