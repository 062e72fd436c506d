import { canonicalPhone, type Channel } from '@parley/domain'
import { type LimitFunction } from 'p-limit'

import { isTransient } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { PARSERS, UnreadableBody, type ChannelMessage, type Update } from '../channels/index.ts'
import { applyReceipt } from '../messaging/index.ts'
import { type AddressedMessage } from './by-channel.ts'
import { findChannelAccount, type StoredBody } from './intake.queries.ts'
import { setAside } from './problems.ts'
import {
  storeEcho,
  storeIdentityChange,
  storeMessage,
  storeTogether,
  type StoreServices,
} from './store-message.ts'

export interface IntakeServices extends StoreServices {
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
  { id: bodyId, received_at: receivedAt }: StoredBody,
  read: Update[] | Problem,
): Promise<void> {
  if (!Array.isArray(read)) {
    services.metrics.updates.inc({ kind: 'body', outcome: 'quarantined' })
    await setAside(services, { bodyId, path: '', ...read })
    return
  }
  for (const update of read) {
    const problem = await processUpdate(services, update, receivedAt)
    if (problem !== null) await setAside(services, { bodyId, path: update.path, ...problem })
  }
}

/** Why an update waits in quarantine. */
export interface Problem {
  reason: string
  detail: string
}

/**
 * @returns why it could not be processed; null where it was
 * @throws only what trying again can help
 */
export async function processUpdate(
  services: IntakeServices,
  update: Update,
  receivedAt: Date,
): Promise<Problem | null> {
  const { kind } = update
  try {
    const outcome = await takeEffect(services, update, receivedAt)
    const isProblem = typeof outcome !== 'string'
    services.metrics.updates.inc({ kind, outcome: isProblem ? 'quarantined' : outcome })
    return isProblem ? outcome : null
  } catch (error) {
    if (isTransient(error)) throw error
    services.logger.error({ err: error, path: update.path }, 'update failed')
    services.metrics.updates.inc({ kind, outcome: 'quarantined' })
    return {
      reason: 'processing_failed',
      detail: error instanceof Error ? error.message : String(error),
    }
  }
}

/** What a body says, or why it cannot be read at all. */
export function readBody(
  { logger }: Services,
  { id, channel, body }: StoredBody,
): Update[] | Problem {
  try {
    return PARSERS[channel](body)
  } catch (error) {
    if (!(error instanceof UnreadableBody)) {
      logger.error({ err: error, webhookBodyId: id }, 'a body could not be read')
    }
    const detail = error instanceof Error ? error.message : String(error)
    return { reason: 'unreadable_body', detail }
  }
}

/** Whom these updates are of, however their channel writes them: what one customer says stands in its order. */
export function customersOf(updates: Update[] | Problem): string[] {
  if (!Array.isArray(updates)) return []
  return updates.flatMap((update) => {
    const message = messageOf(update)
    if (message === null) return []
    const { channel, customer } = message
    return customer.identities.map(({ externalId }) => `${channel} ${canonicalPhone(externalId)}`)
  })
}

function messageOf(update: Update): ChannelMessage | null {
  switch (update.kind) {
    case 'message':
      return update.message
    case 'echo':
      return update.echo
    case 'identity_change':
      return update.change.message
    default:
      return null
  }
}

type Outcome = 'stored' | 'duplicate' | 'applied' | 'unchanged' | 'parked' | 'ignored'

async function takeEffect(
  services: IntakeServices,
  update: Update,
  receivedAt: Date,
): Promise<Outcome | Problem> {
  switch (update.kind) {
    case 'message':
      return addressed(services, update.message, receivedAt, async (message) => {
        const stored = await storeTogether(services, message)
        return stored ?? services.alone(() => storeMessage(services, message))
      })
    case 'echo':
      return addressed(services, update.echo, receivedAt, (echo) =>
        services.alone(() => storeEcho(services, echo)),
      )
    case 'identity_change': {
      const { before, after, message } = update.change
      return addressed(services, message, receivedAt, (told) =>
        services.alone(() =>
          storeIdentityChange(services, told.channelAccountId, { before, after }, told.message),
        ),
      )
    }
    case 'receipt':
      return services.alone(() => applyReceipt(services, update.receipt, receivedAt))
    case 'ignored':
      return 'ignored'
    case 'invalid':
      return { reason: update.reason, detail: update.detail }
  }
}

async function addressed(
  services: IntakeServices,
  message: ChannelMessage,
  receivedAt: Date,
  store: (message: AddressedMessage) => Promise<Outcome>,
): Promise<Outcome | Problem> {
  const { channel, accountExternalId } = message
  const channelAccountId = await findAccount(services, channel, accountExternalId)
  if (channelAccountId === null) {
    return { reason: 'unknown_channel_account', detail: accountExternalId }
  }
  return store({ channelAccountId, message: { ...message, sentAt: sentAt(message, receivedAt) } })
}

/** Nothing was sent after it came here, whatever the sender's clock says. */
function sentAt({ sentAt: said }: ChannelMessage, receivedAt: Date): Date {
  return said !== null && said < receivedAt ? said : receivedAt
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
