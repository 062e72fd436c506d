import { afterAll, beforeAll, expect, test } from 'vitest'

import { codeOf, conversationOf, newCustomer, stateOf, write } from '../../testing/conversations.ts'
import {
  eventually,
  newId,
  startTestServer,
  type TestClient,
  type TestPerson,
  type TestServer,
} from '../../testing/test-server.ts'
import { arrive } from '../../testing/workstations.ts'

let server: TestServer
let ana: TestPerson
let beto: TestPerson
let asAna: TestClient
let asBeto: TestClient
let asLead: TestClient

beforeAll(async () => {
  server = await startTestServer()
  const teamIds = [server.teams.sales]
  ana = await server.addPerson({ role: 'agent', teamIds, name: 'Ana', capacity: 200 })
  beto = await server.addPerson({ role: 'agent', teamIds, name: 'Beto', capacity: 200 })
  const lead = await server.addPerson({ role: 'supervisor', teamIds: [] })
  asAna = await server.signIn(ana)
  asBeto = await server.signIn(beto)
  asLead = await server.signIn(lead)
})
afterAll(async () => {
  for (const client of [asAna, asBeto, asLead]) client.close()
  await server.stop()
})

async function ownedByAna(customer = newCustomer()): Promise<string> {
  const { id } = await conversationOf(server, await write(server, customer, 'quiero comprar'))
  await asAna.trpc.conversations.claim.mutate({ intentId: newId(), conversationId: id })
  return id
}

/** Done by Ana, and the intent that did it. */
async function did(
  conversationId: string,
  what: 'close' | 'release' | 'toSupport' | 'toBeto',
): Promise<string> {
  const ids = { intentId: newId(), conversationId }
  const { conversations } = asAna.trpc
  if (what === 'close') await conversations.close.mutate({ ...ids, reason: 'resolved' })
  if (what === 'release') await conversations.release.mutate(ids)
  if (what === 'toSupport')
    await conversations.transfer.mutate({
      ...ids,
      to: { kind: 'team', teamId: server.teams.support },
    })
  if (what === 'toBeto')
    await conversations.transfer.mutate({
      ...ids,
      to: { kind: 'person', userId: beto.id },
    })
  return ids.intentId
}

const undone = (conversationId: string, of: string, { client = asAna, intentId = newId() } = {}) =>
  client.trpc.conversations.undo.mutate({ intentId, conversationId, of })

const standing = async (id: string) => {
  const { status, assigned_to, team_id, waiting_since, closed_at } = await stateOf(server, id)
  return { status, assigned_to, team_id, waiting_since, closed_at }
}

test.each(['close', 'release', 'toSupport', 'toBeto'] as const)(
  'what one did to it is undone: it stands as it stood (%s)',
  async (what) => {
    const id = await ownedByAna()
    const before = await standing(id)
    const of = await did(id, what)
    expect(await standing(id)).not.toEqual(before)
    const { conversation } = await undone(id, of)
    expect(conversation).toMatchObject({ id, assignedTo: ana.id, teamId: server.teams.sales })
    expect(await standing(id)).toEqual(before)
    const { rows } = await server.database.pool.query(
      `SELECT metadata FROM conversation_events WHERE conversation_id = $1 ORDER BY seq DESC LIMIT 1`,
      [id],
    )
    expect(rows[0].metadata).toMatchObject({ reason: 'undone' })
  },
)

test('one who had answered has still answered', async () => {
  const id = await ownedByAna()
  await asAna.trpc.messages.send.mutate({
    id: newId(),
    conversationId: id,
    text: 'listo',
    lastSeenSeq: null,
  })
  await eventually(async () => expect((await standing(id)).status).toBe('pending_customer'))
  const of = await did(id, 'close')
  await undone(id, of)
  expect((await standing(id)).status).toBe('pending_customer')
})

test('what the customer wrote meanwhile waits for the agent then', async () => {
  const customer = newCustomer()
  const id = await ownedByAna(customer)
  await asAna.trpc.messages.send.mutate({
    id: newId(),
    conversationId: id,
    text: 'listo',
    lastSeenSeq: null,
  })
  await eventually(async () => expect((await standing(id)).status).toBe('pending_customer'))
  const of = await did(id, 'toSupport')
  await write(server, customer, '¿y ahora?')
  await eventually(async () => expect((await standing(id)).waiting_since).not.toBeNull())
  await undone(id, of)
  expect(await standing(id)).toMatchObject({ status: 'pending_agent', assigned_to: ana.id })
})

test('its place in the queue is the one it had', async () => {
  const { id } = await conversationOf(server, await write(server, newCustomer(), 'hola'))
  const { queued_at } = await stateOf(server, id)
  const intentId = newId()
  const to = { kind: 'team', teamId: server.teams.support } as const
  await asLead.trpc.conversations.transfer.mutate({ intentId, conversationId: id, to })
  await undone(id, intentId, { client: asLead })
  expect(await stateOf(server, id)).toMatchObject({ status: 'queued', queued_at })
})

test('asked twice, and by two devices at once, it is undone once', async () => {
  const id = await ownedByAna()
  const of = await did(id, 'release')
  const intentId = newId()
  await Promise.all([undone(id, of, { intentId }), undone(id, of, { intentId })])
  expect((await standing(id)).assigned_to).toBe(ana.id)
  expect(await codeOf(undone(id, of))).toBe('conflict')
})

test('somebody was faster: they keep it, and who undoes is told who', async () => {
  const id = await ownedByAna()
  const of = await did(id, 'release')
  await asBeto.trpc.conversations.claim.mutate({ intentId: newId(), conversationId: id })
  const before = await standing(id)
  await expect(undone(id, of)).rejects.toMatchObject({
    data: {
      app: {
        code: 'conflict',
        details: { action: 'conversation.assigned', by: before.assigned_to },
      },
    },
  })
  expect(await standing(id)).toEqual(before)
})

test.each(['release', 'toSupport'] as const)(
  'routing has given it on meanwhile: that is nobody’s doing, and it comes back (%s)',
  async (what) => {
    const teamIds = [server.teams[what === 'release' ? 'sales' : 'support']]
    const id = await ownedByAna()
    const free = await server.addPerson({ role: 'agent', teamIds, name: 'Eva', capacity: 900 })
    const asEva = await arrive(server, free)
    const of = await did(id, what)
    await eventually(async () => expect((await standing(id)).assigned_to).toBe(free.id))
    await undone(id, of)
    expect(await standing(id)).toMatchObject({ assigned_to: ana.id, team_id: server.teams.sales })

    const again = await did(id, what)
    await eventually(async () => expect((await standing(id)).assigned_to).toBe(free.id))
    const reply = { id: newId(), conversationId: id, text: 'le ayudo', lastSeenSeq: null }
    await asEva.trpc.messages.send.mutate(reply)
    expect(await codeOf(undone(id, again))).toBe('conflict')
    expect((await standing(id)).assigned_to).toBe(free.id)
    asEva.close()
  },
)

test('a customer who wrote to a closed one has opened it: nothing is undone', async () => {
  const customer = newCustomer()
  const id = await ownedByAna(customer)
  const of = await did(id, 'close')
  await write(server, customer, 'una cosa más')
  await eventually(async () => expect((await standing(id)).closed_at).toBeNull())
  expect(await codeOf(undone(id, of))).toBe('conflict')
})

test('nobody undoes what another did, nor what cannot be undone, nor on another conversation', async () => {
  const id = await ownedByAna()
  const of = await did(id, 'release')
  expect(await codeOf(undone(id, of, { client: asLead }))).toBe('not_found')
  expect(await codeOf(undone(await ownedByAna(), of))).toBe('not_found')
  const claim = newId()
  await asAna.trpc.conversations.claim.mutate({ intentId: claim, conversationId: id })
  expect(await codeOf(undone(id, claim))).toBe('not_found')
  expect(await codeOf(undone(id, newId()))).toBe('not_found')
})

test('who is not here any more is not given it back', async () => {
  const { id } = await conversationOf(server, await write(server, newCustomer(), 'quiero comprar'))
  await asBeto.trpc.conversations.claim.mutate({ intentId: newId(), conversationId: id })
  const of = newId()
  await asLead.trpc.conversations.release.mutate({ intentId: of, conversationId: id })
  const active = (is: boolean) =>
    server.database.pool.query('UPDATE users SET is_active = $2 WHERE id = $1', [beto.id, is])
  await active(false)
  expect(await codeOf(undone(id, of, { client: asLead }))).toBe('not_assignable')
  await active(true)
  await undone(id, of, { client: asLead })
  expect((await standing(id)).assigned_to).toBe(beto.id)
})

test('who is taken out of the team does not get it back, and nobody what they did days ago', async () => {
  const id = await ownedByAna()
  const of = await did(id, 'toSupport')
  const { pool } = server.database
  await pool.query('DELETE FROM team_memberships WHERE user_id = $1', [ana.id])
  const stripped = await server.signIn(ana)
  expect(await codeOf(undone(id, of, { client: stripped }))).toBe('forbidden')
  stripped.close()
  await pool.query('INSERT INTO team_memberships (user_id, team_id) VALUES ($1, $2)', [
    ana.id,
    server.teams.sales,
  ])
  await pool.query(`UPDATE intents SET created_at = NOW() - INTERVAL '25 hours' WHERE id = $1`, [
    of,
  ])
  const again = await server.signIn(ana)
  expect(await codeOf(undone(id, of, { client: again }))).toBe('not_found')
  again.close()
})
