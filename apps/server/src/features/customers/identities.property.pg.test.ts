import { type Identity } from '@parley/domain'
import pLimit from 'p-limit'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { createBareServices, type BareServices } from '../../testing/bare-services.ts'
import { createBatches } from '../intake/batches.ts'
import {
  storeTogether,
  storeIdentityChange,
  storeMessage,
  type StoreServices,
} from '../intake/store-message.ts'

/**
 * People who write by number, by id or by both, change numbers, and take over each other's, told to several writers at
 * once, twice and in any order: one customer never becomes two, nor two one. `PARLEY_ORDERS=500` for a night.
 */
const ORDERS = Number(process.env['PARLEY_ORDERS'] ?? 50)

let services: BareServices & StoreServices
let accountId: string

beforeAll(async () => {
  const bare = await createBareServices()
  services = {
    ...bare,
    triage: { begin: () => {} },
    batches: createBatches(bare.db),
  }
  const [account] = await bare.rows<{ id: string }>(`SELECT id FROM channel_accounts LIMIT 1`)
  accountId = account?.id as string
})
afterAll(() => services.database.drop())

interface Person {
  name: string
  phone: string
  userId: string
  /** Messages of theirs, by the channel's id. */
  wrote: string[]
}

async function run(seed: number): Promise<void> {
  let state = seed * 7919 + 17
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return Math.floor((state / 0x80000000) * limit)
  }
  let second = 0
  // Nobody's clock matters here but the channel's, which goes on.
  const at = (): Date => new Date(Date.UTC(2026, 0, 1) + seed * 86_400_000 + second++ * 1000)
  let numbers = 0
  const newPhone = (): string => `+52${String(1_000_000_000 + seed * 100 + numbers++)}`
  const newUserId = (): string => `MX.${seed}.${numbers++}`
  const people: Person[] = ['ana', 'beto', 'cami'].map((name) => ({
    name: `${name} ${seed}`,
    phone: newPhone(),
    userId: newUserId(),
    wrote: [],
  }))
  let messages = 0

  const identities = (
    { phone, userId }: Person,
    how: 'both' | 'phone' | 'id',
  ): [Identity, ...Identity[]] => {
    // WhatsApp writes one number now with Mexico's 1, now without.
    const written = below(2) === 0 ? phone : phone.replace('+52', '+521')
    const byPhone: Identity = { kind: 'phone', externalId: written }
    const byId: Identity = { kind: 'user_id', externalId: userId }
    if (how === 'both') return [byId, byPhone]
    return how === 'phone' ? [byPhone] : [byId]
  }
  const messageOf = (person: Person, how: 'both' | 'phone' | 'id') => {
    const channelMessageId = `wamid.${seed}.${messages++}`
    person.wrote.push(channelMessageId)
    return {
      channel: 'whatsapp' as const,
      accountExternalId: 'bare',
      channelMessageId,
      customer: { identities: identities(person, how), name: below(3) === 0 ? null : person.name },
      sentAt: at(),
      contentType: 'text',
      text: 'hola',
      content: {},
      isQuiet: false,
      quotedChannelMessageId: null,
      aboutChannelMessageId: null,
    }
  }
  type Message = ReturnType<typeof messageOf>
  const deliver = async (message: Message): Promise<void> => {
    const addressed = { channelAccountId: accountId, message }
    if ((await storeTogether(services, addressed)) === null) await storeMessage(services, addressed)
  }
  /** All at once, in any order, and some of them twice. */
  const deliverAll = async (batch: Message[]): Promise<void> => {
    const twice = [...batch, ...batch.filter(() => below(2) === 0)]
    const shuffled = twice
      .map((message) => ({ message, place: below(1000) }))
      .toSorted((a, b) => a.place - b.place)
      .map(({ message }) => message)
    await Promise.all(shuffled.map(deliver))
  }
  const everyHow = ['both', 'phone', 'id'] as const

  for (let round = 0; round < 2; round++) {
    const batch = people.flatMap((person) =>
      Array.from({ length: 1 + below(2) }, () => messageOf(person, everyHow[below(3)] ?? 'both')),
    )
    await deliverAll(batch)
    // The channel says who is who sooner or later; before that nobody could know a number's next owner from its last.
    await deliverAll(people.map((person) => messageOf(person, 'both')))
    const [one, other] = [people[below(3)], people[below(3)]]
    if (one === undefined || other === undefined) throw new Error('nobody')
    if (below(2) === 0) {
      const before = { ...one }
      one.phone = newPhone()
      if (below(2) === 0) one.userId = newUserId()
      const told = { ...messageOf(one, 'both'), contentType: 'system', isQuiet: true }
      const change = {
        before: identities(before, 'both'),
        after: identities(one, 'both'),
      }
      const tell = (): Promise<unknown> => storeIdentityChange(services, accountId, change, told)
      await Promise.all([tell(), tell(), deliver(messageOf(one, 'both'))])
      await tell()
    } else if (one !== other) {
      // The number is somebody else's now, who is known by their id; its former owner has another one.
      one.phone = other.phone
      await deliver(messageOf(one, 'both'))
      other.phone = newPhone()
      await deliver(messageOf(other, 'both'))
    }
  }
  await deliverAll(people.map((person) => messageOf(person, 'both')))

  const owners = await Promise.all(
    people.map(async ({ wrote }) => {
      const rows = await services.rows<{ person: string; n: number }>(
        `SELECT COALESCE(u.merged_into_id, u.id) AS person, COUNT(*)::int AS n
         FROM messages m JOIN conversations c ON c.id = m.conversation_id JOIN customers u ON u.id = c.customer_id
         WHERE m.channel_message_id = ANY($1) GROUP BY 1`,
        [wrote],
      )
      // Every message is stored, once, and all of them with one customer.
      expect(rows.map(({ n }) => n)).toEqual([wrote.length])
      return rows[0]?.person
    }),
  )
  expect(new Set(owners).size).toBe(people.length)
  const open = await services.rows<{ n: number }>(
    `SELECT COUNT(*)::int AS n FROM conversations c JOIN customers u ON u.id = c.customer_id
     WHERE COALESCE(u.merged_into_id, u.id) = ANY($1) AND c.status <> 'closed' GROUP BY COALESCE(u.merged_into_id, u.id)`,
    [owners],
  )
  expect(open.every(({ n }) => n >= 1)).toBe(true)
}

test(`one person never becomes two customers, nor two people one, over ${ORDERS} random orders`, async () => {
  const limit = pLimit(4)
  const failures: string[] = []
  await Promise.all(
    Array.from({ length: ORDERS }, (_, seed) =>
      limit(() =>
        run(seed).catch((error: unknown) => void failures.push(`seed ${seed}: ${String(error)}`)),
      ),
    ),
  )
  expect(failures.slice(0, 3)).toEqual([])
  // Whatever was merged is merged in one level, and every identity lives once.
  expect(
    await services.rows(
      `SELECT a.id FROM customers a JOIN customers b ON b.id = a.merged_into_id WHERE b.merged_into_id IS NOT NULL`,
    ),
  ).toEqual([])
}, 3_600_000)
