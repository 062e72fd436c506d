import { type Channel } from '@parley/domain'
import { type LimitFunction } from 'p-limit'

import { isTransient, together, type Transaction } from '../../platform/database.ts'
import { type GroupCommit } from '../../platform/group-commit.ts'
import { type Services } from '../../platform/services.ts'
import {
  UnreadableBody,
  type BusinessEcho,
  type ChannelAdapter,
  type InboundMessage,
  type Update,
} from '../channels/index.ts'
import {
  applyTransition,
  insertClosedConversation,
  insertConversation,
  insertEvent,
  lockLatestConversation,
  reopenForCustomer,
  changeConversation,
  type ConversationRecord,
} from '../conversations/index.ts'
import { applyReceipt, insertChannelMessage } from '../messaging/index.ts'
import { type Triage } from '../triage/index.ts'
import { type AddressedMessage, type FurtherMessage } from './further-messages.ts'
import {
  findChannelAccount,
  findCustomer,
  insertQuarantined,
  resolveCustomer,
  type StoredBody,
} from './intake.queries.ts'

export interface IntakeServices extends Services {
  triage: Triage
  furtherMessages: GroupCommit<AddressedMessage, FurtherMessage | null>
  /** Holds back what needs a transaction of its own, so that connections are left for everybody else. */
  alone: LimitFunction
}

/**
 * Works through a stored body. Each update takes effect once, in a transaction of its own; doing it all
 * again changes nothing. What cannot be processed is quarantined with its reason and harms no neighbour.
 * @throws only what trying again can help, with the body left unprocessed
 */
export async function processBody(
  services: IntakeServices,
  adapter: ChannelAdapter,
  { id, body }: StoredBody,
): Promise<void> {
  for (const update of await readUpdates(services, adapter, id, body)) {
    try {
      const outcome = await processUpdate(services, update)
      services.metrics.updates.inc({ kind: update.kind, outcome })
      if (outcome === 'quarantined') await quarantine(services, id, update)
    } catch (error) {
      if (isTransient(error)) throw error
      services.logger.error({ err: error, webhookBodyId: id, path: update.path }, 'update failed')
      services.metrics.updates.inc({ kind: update.kind, outcome: 'quarantined' })
      await insertQuarantined(services.db, {
        bodyId: id,
        path: update.path,
        reason: 'processing_failed',
        detail: error instanceof Error ? error.message : String(error),
      })
    }
  }
}

/** A body that is not the channel's at all has no updates; it is kept aside as a whole. */
async function readUpdates(
  { db, metrics }: IntakeServices,
  adapter: ChannelAdapter,
  bodyId: string,
  body: Buffer,
): Promise<Update[]> {
  try {
    return adapter.parse(body)
  } catch (error) {
    if (!(error instanceof UnreadableBody)) throw error
    metrics.updates.inc({ kind: 'body', outcome: 'quarantined' })
    await insertQuarantined(db, {
      bodyId,
      path: '',
      reason: 'unreadable_body',
      detail: error.message,
    })
    return []
  }
}

type Outcome =
  | 'stored'
  | 'duplicate'
  | 'applied'
  | 'unchanged'
  | 'parked'
  | 'ignored'
  | 'quarantined'

async function processUpdate(services: IntakeServices, update: Update): Promise<Outcome> {
  switch (update.kind) {
    case 'message':
      return storeMessage(services, update.message)
    case 'echo':
      return services.alone(() => storeEcho(services, update.echo))
    case 'receipt':
      return services.alone(() => applyReceipt(services, update.receipt, new Date()))
    case 'ignored':
      return 'ignored'
    case 'invalid':
      return 'quarantined'
  }
}

async function quarantine(services: Services, bodyId: string, update: Update): Promise<void> {
  const { reason, detail } =
    update.kind === 'invalid'
      ? update
      : { reason: 'unknown_channel_account', detail: accountOf(update) ?? update.kind }
  await insertQuarantined(services.db, { bodyId, path: update.path, reason, detail })
}

function accountOf(update: Update): string | null {
  if (update.kind === 'message') return update.message.accountExternalId
  if (update.kind === 'echo') return update.echo.accountExternalId
  return null
}

/** A duplicate undoes whatever was prepared for it. */
class Duplicate extends Error {}

async function storeMessage(services: IntakeServices, message: InboundMessage): Promise<Outcome> {
  const channelAccountId = await findAccount(services, message.channel, message.accountExternalId)
  if (channelAccountId === null) return 'quarantined'
  const addressed = { channelAccountId, message }
  return (
    (await storeAsFurther(services, addressed)) ??
    (await services.alone(() => storeAlone(services, addressed)))
  )
}

/** In a transaction of its own: it may open or reopen a conversation, change its state, start a clock. */
async function storeAlone(
  services: IntakeServices,
  { channelAccountId: accountId, message }: AddressedMessage,
): Promise<Outcome> {
  try {
    const conversation = await services.db.transaction(async (tx) => {
      const { known, open } = await findCustomer(tx, message.channel, accountId, message.customer)
      const customerId = await resolveCustomer(tx, message.channel, message.customer, known)
      const sentAt = message.sentAt ?? new Date()
      const current =
        open ??
        (message.isQuiet
          ? await conversationForQuiet(tx, message.channel, customerId, accountId)
          : await conversationForMessage(
              services,
              tx,
              message.channel,
              customerId,
              accountId,
              sentAt,
            ))
      const inserted = insertOrStop(tx, {
        conversationId: current.id,
        channelMessageId: message.channelMessageId,
        direction: 'inbound',
        senderType: 'customer',
        senderId: customerId,
        contentType: message.contentType,
        text: message.text,
        content: message.content,
        isQuiet: message.isQuiet,
        sentAt,
        quotedChannelMessageId: message.quotedChannelMessageId,
      })
      const written = message.isQuiet
        ? Promise.resolve(current)
        : customerWrote(services, tx, current, sentAt)
      const [, next] = await together(inserted, written)
      tx.afterCommit(() => {
        services.signals.send('feed')
        // It came into the queue just now, reopened by these words.
        if (isReopened(next)) services.signals.send('routing')
      })
      return next
    })
    // Not part of the message's own transaction: triage may be slow, and is found again if it is cut short.
    if (conversation.status === 'new') services.triage.begin(conversation.id)
    return 'stored'
  } catch (error) {
    if (error instanceof Duplicate) return 'duplicate'
    throw error
  }
}

/** @returns null where it is not just one more message, or has to be looked at alone */
async function storeAsFurther(
  services: IntakeServices,
  addressed: AddressedMessage,
): Promise<Outcome | null> {
  if (addressed.message.isQuiet) return null
  let further: FurtherMessage | null
  try {
    further = await services.furtherMessages.add(addressed)
  } catch (error) {
    if (isTransient(error)) throw error
    // One message that cannot be stored must not take along those that were stored with it.
    return null
  }
  if (further === null) return null
  if (!further.is_stored) return 'duplicate'
  services.signals.send('feed')
  if (further.conversation_status === 'new') services.triage.begin(further.conversation_id)
  return 'stored'
}

function isReopened({ status, queued_at, now }: ConversationRecord): boolean {
  return status === 'queued' && queued_at?.getTime() === now.getTime()
}

/** The business wrote from its own phone: shown as an agent's message without a name. */
async function storeEcho(services: IntakeServices, echo: BusinessEcho): Promise<Outcome> {
  const accountId = await findAccount(services, echo.channel, echo.accountExternalId)
  if (accountId === null) return 'quarantined'
  try {
    await services.db.transaction(async (tx) => {
      const { known, open } = await findCustomer(tx, echo.channel, accountId, echo.customer)
      const customerId = await resolveCustomer(tx, echo.channel, echo.customer, known)
      const conversation =
        open ?? (await conversationForQuiet(tx, echo.channel, customerId, accountId))
      await insertOrStop(tx, {
        conversationId: conversation.id,
        channelMessageId: echo.channelMessageId,
        direction: 'outbound',
        senderType: 'agent',
        senderId: null,
        contentType: echo.contentType,
        text: echo.text,
        content: echo.content,
        isQuiet: echo.contentType === 'reaction',
        sentAt: echo.sentAt ?? new Date(),
        quotedChannelMessageId: null,
      })
      tx.afterCommit(() => services.signals.send('feed'))
    })
    return 'stored'
  } catch (error) {
    if (error instanceof Duplicate) return 'duplicate'
    throw error
  }
}

async function insertOrStop(
  tx: Transaction,
  row: Parameters<typeof insertChannelMessage>[1],
): Promise<void> {
  if (!(await insertChannelMessage(tx, row))) throw new Duplicate()
}

/**
 * The open conversation, a closed one reopened in time, or a new one. Whoever loses the race to open one
 * finds the winner's on the next turn.
 */
async function conversationForMessage(
  services: Services,
  tx: Transaction,
  channel: Channel,
  customerId: string,
  channelAccountId: string,
  sentAt: Date,
): Promise<ConversationRecord> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const latest = await lockLatestConversation(tx, customerId, channelAccountId)
    if (latest !== null && latest.status !== 'closed') return latest
    const reopened = latest && (await reopenForCustomer(services, tx, latest))
    if (reopened) return reopened
    const opened = await insertConversation(tx, {
      customerId,
      channel,
      channelAccountId,
      firstMessageAt: sentAt,
    })
    if (opened !== null) {
      await insertEvent(tx, {
        conversationId: opened.id,
        type: 'conversation.created',
        actorId: null,
        oldValue: null,
        newValue: { status: opened.status },
        metadata: {},
      })
      return opened
    }
  }
  throw new Error('could neither find nor open a conversation')
}

async function conversationForQuiet(
  tx: Transaction,
  channel: Channel,
  customerId: string,
  channelAccountId: string,
): Promise<ConversationRecord> {
  const latest = await lockLatestConversation(tx, customerId, channelAccountId)
  return latest ?? insertClosedConversation(tx, { customerId, channel, channelAccountId })
}

async function customerWrote(
  services: Services,
  tx: Transaction,
  current: ConversationRecord,
  sentAt: Date,
): Promise<ConversationRecord> {
  const set = {
    first_message_at: earliest(current.first_message_at, sentAt),
    waiting_since: earliest(current.waiting_since, sentAt),
    last_inbound_at: latestOf(current.last_inbound_at, sentAt),
    last_message_at: latestOf(current.last_message_at, sentAt),
  }
  if (current.status === 'pending_customer') {
    return applyTransition(services, tx, current, 'customer_wrote', { actorId: null, set })
  }
  const next = { ...current, ...set }
  return isSameTimes(current, next) ? current : changeConversation(services, tx, current, set)
}

const TIMES = ['first_message_at', 'waiting_since', 'last_inbound_at', 'last_message_at'] as const

/** A conversation that was opened by this very message carries its times already. */
function isSameTimes(a: ConversationRecord, b: ConversationRecord): boolean {
  return TIMES.every((name) => a[name]?.getTime() === b[name]?.getTime())
}

function earliest(known: Date | null, other: Date): Date {
  return known !== null && known <= other ? known : other
}

function latestOf(known: Date | null, other: Date): Date {
  return known !== null && known >= other ? known : other
}

const knownAccounts = new WeakMap<object, Map<string, string>>()

/** Accounts do not change their ids: one look-up per process and account. */
async function findAccount(
  { db }: Services,
  channel: Channel,
  externalId: string,
): Promise<string | null> {
  let known = knownAccounts.get(db)
  if (known === undefined) knownAccounts.set(db, (known = new Map()))
  const key = `${channel}:${externalId}`
  const cached = known.get(key)
  if (cached !== undefined) return cached
  const id = await findChannelAccount(db, channel, externalId)
  if (id !== null) known.set(key, id)
  return id
}
