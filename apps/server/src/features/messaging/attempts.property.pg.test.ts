import { randomUUID } from 'node:crypto'

import { type ReceiptStatus } from '@parley/domain'
import pLimit from 'p-limit'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { Failure } from '../../platform/failure.ts'
import { createBareServices, type BareServices } from '../../testing/bare-services.ts'
import { claimNext, type ClaimedTry } from './attempts.queries.ts'
import { retryMessage, sendReply, settleMessage } from './messaging.commands.ts'
import { applyReceipt, recordAccepted } from './receipts.ts'
import { settleTry } from './tries.ts'

/**
 * Random orders of sends, refusals, lost answers, retries, settlements and receipts that come late, twice and in any
 * order, against an oracle that counts what the customer got. `PARLEY_SEQUENCES=10000` for a night.
 */
const SEQUENCES = Number(process.env['PARLEY_SEQUENCES'] ?? 120)

let services: BareServices
let agentId: string
let teamId: string
const processId = randomUUID()

beforeAll(async () => {
  services = await createBareServices()
  teamId = await services.addTeam()
  agentId = await services.addPerson('agent', 'online', [teamId])
  await services.rows(
    `INSERT INTO sla_policies (team_id, priority, frt_target_seconds, resolution_target_seconds)
     VALUES ($1, 'normal', 900, 3600)`,
    [teamId],
  )
})
afterAll(() => services.database.drop())

/** The same choices for the same seed. */
function choices(seed: number) {
  let state = seed + 0x6d2b79f5
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    below: (limit: number): number => Math.floor(next() * limit),
    chance: (share: number): boolean => next() < share,
  }
}

/** What the channel knows of a try that it took. */
interface Taken {
  claimed: ClaimedTry
  wamid: string
  /** What it will say of it, in this order, though not received in it. */
  says: ReceiptStatus[]
  isAnswerLost: boolean
}

async function run(seed: number): Promise<void> {
  const { below, chance } = choices(seed)
  const asked = new Date(Date.now() - 60_000)
  const { id: conversationId, customerId } = await services.addConversation({
    team_id: teamId,
    assigned_to: agentId,
    status: 'assigned',
    assigned_at: asked,
    first_message_at: asked,
    waiting_since: asked,
    last_inbound_at: asked,
    last_message_at: asked,
  })
  await services.rows(
    `INSERT INTO customer_identities (customer_id, channel, external_id, kind) VALUES ($1, 'whatsapp', $2, 'phone')`,
    [customerId, `+52${seed}${below(1e6)}`],
  )
  await services.rows(
    `INSERT INTO messages (conversation_id, direction, sender_type, content_text, status, sent_at, created_at)
     VALUES ($1, 'inbound', 'customer', '¿hola?', 'delivered', $2, $2)`,
    [conversationId, asked],
  )
  const actor = {
    sessionId: randomUUID(),
    userId: agentId,
    role: 'agent',
    teamIds: [teamId],
  } as const
  const messaging = { ...services, delivery: { wake: () => {}, stop: async () => {} } }
  const messageId = randomUUID()
  await sendReply(messaging, {
    actor,
    id: messageId,
    conversationId,
    text: 'respuesta',
    lastSeenSeq: null,
    despiteNewerReply: false,
  })

  const taken: Taken[] = []
  /** Receipts on their way. */
  const receipts: { of: Taken; status: ReceiptStatus }[] = []
  const heard = new Map<Taken, Set<ReceiptStatus>>()
  let isKnownToHaveArrived = false

  const claim = async (): Promise<void> => {
    const next = await claimNext(services.db, conversationId, processId)
    if (next.kind !== 'claimed') return
    expect(isKnownToHaveArrived, 'a message that the customer has is not sent again').toBe(false)
    const { claimed } = next
    const fate = below(10)
    if (fate < 2)
      return void (await settleTry(services, claimed, {
        state: 'failed',
        failed_reason: 'rejected',
      }))
    if (fate === 2)
      return void (await settleTry(services, claimed, { state: 'waiting', waitsMs: 0 }))
    if (fate === 3) {
      // It never reached the channel, and nobody can know.
      return void (await settleTry(services, claimed, { state: 'ambiguous' }))
    }
    const says: ReceiptStatus[] = chance(0.35)
      ? chance(0.5)
        ? ['failed']
        : ['sent', 'failed']
      : (['sent', 'delivered', 'read'] as const).slice(0, 1 + below(3))
    const of: Taken = {
      claimed,
      wamid: `wamid.${seed}.${taken.length}`,
      says,
      isAnswerLost: chance(0.35),
    }
    taken.push(of)
    for (const status of says) {
      for (let times = 1 + below(2); times > 0; times--) receipts.push({ of, status })
    }
    if (of.isAnswerLost) await settleTry(services, claimed, { state: 'ambiguous' })
    else await accept(of)
  }
  const accept = (of: Taken): Promise<void> =>
    recordAccepted(services, {
      attemptId: of.claimed.attempt_id,
      messageId,
      conversationId,
      channelMessageId: of.wamid,
    })
  const hear = async (): Promise<void> => {
    if (receipts.length === 0) return
    const [receipt] = receipts.splice(below(receipts.length), 1)
    if (receipt === undefined) return
    const { of, status } = receipt
    const known = heard.get(of) ?? new Set()
    heard.set(of, known.add(status))
    if (status === 'delivered' || status === 'read') isKnownToHaveArrived = true
    await applyReceipt(
      services,
      {
        channelMessageId: of.wamid,
        // Not every receipt brings our own id back; without it a lost answer is never known.
        attemptId: chance(0.7) || of.isAnswerLost ? of.claimed.attempt_id : null,
        status,
        occurredAt: new Date(),
        failedReason: status === 'failed' ? '131026: no' : null,
      },
      new Date(),
    )
  }
  const unlessRefused = async (work: Promise<unknown>): Promise<void> => {
    await work.catch((error: unknown) => {
      if (!(error instanceof Failure) || error.code !== 'conflict') throw error
    })
  }
  const act = async (): Promise<void> => {
    const what = below(10)
    if (what < 3) return claim()
    if (what < 7) return hear()
    const intent = { actor, intentId: randomUUID(), messageId }
    if (what < 9) return unlessRefused(retryMessage(messaging, intent))
    return unlessRefused(
      settleMessage(messaging, { ...intent, as: chance(0.5) ? 'sent' : 'discarded' }),
    )
  }

  for (let step = 4 + below(12); step > 0; step--) {
    await act()
    await agrees()
  }
  for (let rest = 50; rest > 0 && receipts.length > 0; rest--) await hear()
  await agrees()

  /** What is shown, whose turn it is and the clocks, against what the customer got as far as the channel has said. */
  async function agrees(): Promise<void> {
    const [row] = await services.rows<{
      status: string
      is_ambiguous: boolean
      is_discarded: boolean
      settled_as: string | null
      conversation: string
      is_waiting: boolean
      waits_since_asked: boolean
      is_answered: boolean
      turns: number
      clock: string
      has_more_to_do: boolean
      attempts: string[]
    }>(
      `SELECT m.status, m.ambiguous_at IS NOT NULL AS is_ambiguous, m.discarded_at IS NOT NULL AS is_discarded,
              m.settled_as, c.status AS conversation, c.waiting_since IS NOT NULL AS is_waiting,
              c.waiting_since = $2 AS waits_since_asked, c.first_response_at IS NOT NULL AS is_answered,
              (SELECT COUNT(*)::int FROM conversation_pauses p WHERE p.conversation_id = c.id AND p.kind = 'pending_customer') AS turns,
              t.state AS clock, t.next_at IS NOT NULL AS has_more_to_do,
              ARRAY(SELECT state::text FROM message_attempts a WHERE a.message_id = m.id ORDER BY number) AS attempts
       FROM messages m JOIN conversations c ON c.id = m.conversation_id
       JOIN sla_timers t ON t.conversation_id = c.id AND t.clock = 'first_response'
       WHERE m.id = $1`,
      [messageId, asked],
    )
    if (row === undefined) throw new Error('the message is gone')
    const told = taken.map((of) => heard.get(of) ?? new Set<ReceiptStatus>())
    const got = (status: ReceiptStatus): boolean => told.some((one) => one.has(status))
    if (got('read')) expect(row.status).toBe('read')
    else if (got('delivered')) expect(row.status).toBe('delivered')
    else expect(['pending', 'sent', 'failed']).toContain(row.status)
    if (row.status === 'failed' && row.settled_as !== 'discarded') {
      // Nothing of it is with the customer, on its way, or unknown.
      expect(row.attempts.every((state) => state === 'failed' || state === 'dropped')).toBe(true)
    }
    expect(
      row.attempts.filter((state) => state === 'waiting' || state === 'sending').length,
    ).toBeLessThan(2)

    const counts = row.status !== 'failed'
    expect(row).toMatchObject(
      counts
        ? {
            conversation: 'pending_customer',
            is_waiting: false,
            is_answered: true,
            clock: 'stopped',
            turns: 1,
          }
        : {
            conversation: 'pending_agent',
            waits_since_asked: true,
            is_answered: false,
            clock: 'running',
            has_more_to_do: true,
            turns: 0,
          },
    )
  }
}

test(`what is shown agrees with what the customer got, over ${SEQUENCES} random orders`, async () => {
  const limit = pLimit(6)
  const failures: string[] = []
  await Promise.all(
    Array.from({ length: SEQUENCES }, (_, seed) =>
      limit(() =>
        run(seed).catch((error: unknown) => void failures.push(`seed ${seed}: ${String(error)}`)),
      ),
    ),
  )
  expect(failures.slice(0, 3)).toEqual([])
}, 3_600_000)
