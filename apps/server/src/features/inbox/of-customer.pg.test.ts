import { type Actor, type Role } from '@parley/domain'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { KINDS } from '../../features.ts'
import { createBareServices, type BareServices } from '../../testing/bare-services.ts'
import { FeedHub } from '../sync/index.ts'
import { readOfCustomer } from './of-customer.ts'

let bare: BareServices
let feed: FeedHub

beforeAll(async () => {
  bare = await createBareServices()
  feed = await FeedHub.start(bare, KINDS)
})
afterAll(async () => {
  await feed.stop()
  await bare.database.drop()
})

const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 10, minute))

async function actorOf(role: Role, teamIds: string[]): Promise<Actor> {
  return { userId: await bare.addPerson(role, 'online', teamIds), role, teamIds }
}

test('a customer’s other conversations are those in reach, and nobody else’s', async () => {
  const [own, other] = [await bare.addTeam(), await bare.addTeam()]
  const agent = await actorOf('agent', [own])
  const supervisor = await actorOf('supervisor', [])
  const open = await bare.addConversation({ team_id: own, status: 'queued', queued_at: at(0) })
  const ofCustomer = async (minute: number, fields: object) => {
    const customer_id = open.customerId
    const closed = { status: 'closed', closed_at: at(minute), last_message_at: at(minute) }
    return (await bare.addConversation({ customer_id, ...closed, ...fields })).id
  }
  const inTeam = await ofCustomer(1, { team_id: own })
  const inOther = await ofCustomer(2, { team_id: other })
  const wasMine = await ofCustomer(3, { team_id: other, assigned_to: agent.userId })
  // Of another row of the same person.
  const twin = await bare.addConversation({
    team_id: own,
    status: 'closed',
    closed_at: at(4),
    last_message_at: at(4),
  })
  await bare.rows('UPDATE customers SET merged_into_id = $1 WHERE id = $2', [
    open.customerId,
    twin.customerId,
  ])
  // Somebody else's.
  await bare.addConversation({ team_id: own, status: 'closed', closed_at: at(5) })

  const read = async (actor: Actor, customerId: string) => {
    const answer = await readOfCustomer(bare, feed, actor, { customerId, besides: open.id })
    const shown = answer.items.flatMap((item) =>
      item.op === 'put' && item.kind === 'conversation' ? item.row.id : [],
    )
    expect(shown.toSorted()).toEqual(answer.ids.toSorted())
    return answer.ids
  }
  expect(await read(agent, open.customerId)).toEqual([twin.id, wasMine, inTeam])
  expect(await read(agent, twin.customerId)).toEqual([twin.id, wasMine, inTeam])
  expect(await read(supervisor, open.customerId)).toEqual([twin.id, wasMine, inOther, inTeam])
  expect(await read(await actorOf('agent', []), open.customerId)).toEqual([])
})

test('of many only the twenty with the newest words', async () => {
  const supervisor = await actorOf('supervisor', [])
  const { id, customerId } = await bare.addConversation({ status: 'new' })
  const ids: string[] = []
  for (let minute = 0; minute < 24; minute += 1) {
    const closed = { status: 'closed', closed_at: at(minute), last_message_at: at(minute) }
    ids.unshift((await bare.addConversation({ customer_id: customerId, ...closed })).id)
  }
  const answer = await readOfCustomer(bare, feed, supervisor, { customerId, besides: id })
  expect(answer.ids).toEqual(ids.slice(0, 20))
})
