import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { codeOf, conversationOf, newCustomer, stateOf, write } from '../../testing/conversations.ts'
import {
  eventually,
  newId,
  startTestServer,
  type TestClient,
  type TestPerson,
  type TestServer,
} from '../../testing/test-server.ts'

let server: TestServer
let ana: TestPerson
let asAna: TestClient
let beto: TestPerson
let asBeto: TestClient

beforeAll(async () => {
  server = await startTestServer()
  ana = await server.addPerson({
    role: 'agent',
    teamIds: [server.teams.sales],
    name: 'Ana',
    capacity: 200,
  })
  beto = await server.addPerson({
    role: 'agent',
    teamIds: [server.teams.sales],
    name: 'Beto',
    capacity: 200,
  })
  asAna = await server.signIn(ana)
  asBeto = await server.signIn(beto)
})
afterAll(async () => {
  asAna.close()
  asBeto.close()
  await server.stop()
})

async function queued(customer = newCustomer()): Promise<string> {
  const { id } = await conversationOf(server, await write(server, customer, 'quiero comprar'))
  return id
}

async function ownedByAna(customer = newCustomer()): Promise<string> {
  const id = await queued(customer)
  await asAna.trpc.conversations.claim.mutate({ intentId: newId(), conversationId: id })
  return id
}

async function eventsOf(id: string): Promise<string[]> {
  const { rows } = await server.database.pool.query<{ event_type: string }>(
    'SELECT event_type FROM conversation_events WHERE conversation_id = $1 ORDER BY seq',
    [id],
  )
  return rows.map(({ event_type }) => event_type)
}

describe('claiming', () => {
  test('by two at once: one has it, the other is told who', async () => {
    const conversationId = await queued()
    const attempts = await Promise.allSettled([
      asAna.trpc.conversations.claim.mutate({ intentId: newId(), conversationId }),
      asBeto.trpc.conversations.claim.mutate({ intentId: newId(), conversationId }),
    ])
    expect(attempts.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const loser = attempts.find(({ status }) => status === 'rejected') as PromiseRejectedResult
    const { assigned_to } = await stateOf(server, conversationId)
    expect(loser.reason.data.app).toMatchObject({
      code: 'conflict',
      details: { by: assigned_to, action: 'conversation.assigned', status: 'assigned' },
    })
  })

  test('asked again with the same intent changes nothing and answers the same', async () => {
    const conversationId = await queued()
    const intentId = newId()
    const claim = () => asAna.trpc.conversations.claim.mutate({ intentId, conversationId })
    const answers = await Promise.all([claim(), claim(), claim()])
    expect(new Set(answers.map(({ conversation }) => conversation?.version)).size).toBe(1)
    expect(
      (await eventsOf(conversationId)).filter((type) => type === 'conversation.assigned'),
    ).toHaveLength(1)
  })

  test('asked again after it has left one’s reach is done, and tells nothing of it', async () => {
    const conversationId = await queued()
    const [intentId, messageId, tagging, handing] = [newId(), newId(), newId(), newId()]
    const tagId = newId()
    await server.database.pool.query('INSERT INTO tags (id, name) VALUES ($1, $2)', [tagId, tagId])
    const said = [
      () => asAna.trpc.conversations.claim.mutate({ intentId, conversationId }),
      () =>
        asAna.trpc.messages.send.mutate({
          id: messageId,
          conversationId,
          text: 'ahora mismo',
          lastSeenSeq: null,
        }),
      () => asAna.trpc.tags.add.mutate({ intentId: tagging, conversationId, tagId }),
    ] as const
    for (const say of said) expect(Object.values(await say())[0]).not.toBeNull()
    const handOver = () =>
      asAna.trpc.conversations.transfer.mutate({
        intentId: handing,
        conversationId,
        to: { kind: 'team', teamId: server.teams.support },
      })
    expect(await handOver()).toEqual({ conversation: null })
    expect((await stateOf(server, conversationId)).team_id).toBe(server.teams.support)

    expect(await handOver()).toEqual({ conversation: null })
    expect(await said[0]()).toEqual({ conversation: null })
    expect(await said[1]()).toEqual({ conversation: null, message: null })
    expect(await said[2]()).toEqual({ conversationTag: null })
    const { rows } = await server.database.pool.query(
      'SELECT COUNT(*)::int AS sent FROM messages WHERE conversation_id = $1 AND sender_id = $2',
      [conversationId, ana.id],
    )
    expect(rows).toEqual([{ sent: 1 }])
  })

  test('an intent’s id cannot be used for something else', async () => {
    const intentId = newId()
    await asAna.trpc.conversations.claim.mutate({ intentId, conversationId: await queued() })
    const other = await queued()
    expect(
      await codeOf(asAna.trpc.conversations.claim.mutate({ intentId, conversationId: other })),
    ).toBe('invalid_input')
    expect((await stateOf(server, other)).status).toBe('queued')
  })

  test('the next one by many at once gives each a different one', async () => {
    const { rows } = await server.database.pool.query<{ id: string }>(
      `INSERT INTO teams (name, slug) VALUES ('Pull', 'pull') RETURNING id`,
    )
    const teamId = (rows[0] as { id: string }).id
    const puller = await server.addPerson({ role: 'agent', teamIds: [teamId] })
    const asPuller = await server.signIn(puller)
    const ids = await Promise.all(Array.from({ length: 8 }, () => queued()))
    await server.database.pool.query('UPDATE conversations SET team_id = $1 WHERE id = ANY($2)', [
      teamId,
      ids,
    ])
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        asPuller.trpc.conversations.claimNext.mutate({ intentId: newId(), teamId }),
      ),
    )
    const got = answers.flatMap(({ conversation }) => conversation?.id ?? [])
    expect(got.toSorted()).toEqual(ids.toSorted())
    asPuller.close()
  })
})

describe('the lifecycle', () => {
  test('is recorded from the first message to the end', async () => {
    const customer = newCustomer()
    const conversationId = await ownedByAna(customer)
    await asAna.trpc.messages.send.mutate({
      id: newId(),
      conversationId,
      text: 'hola',
      lastSeenSeq: null,
    })
    await write(server, customer, 'sigo aquí')
    await eventually(async () =>
      expect((await stateOf(server, conversationId)).status).toBe('pending_agent'),
    )
    await asAna.trpc.conversations.transfer.mutate({
      intentId: newId(),
      conversationId,
      to: { kind: 'team', teamId: server.teams.support },
      note: 'es técnico',
    })
    expect((await stateOf(server, conversationId)).status).toBe('queued')
    expect(await eventsOf(conversationId)).toEqual([
      'conversation.created',
      'conversation.status_changed',
      'triage.completed',
      'conversation.assigned',
      'conversation.status_changed',
      'conversation.status_changed',
      'conversation.transferred',
    ])
    const { rows } = await server.database.pool.query(
      `SELECT user_id, method, end_reason FROM conversation_assignments WHERE conversation_id = $1`,
      [conversationId],
    )
    expect(rows).toEqual([{ user_id: ana.id, method: 'claim', end_reason: 'returned_to_queue' }])
  })

  test('an agent cannot answer what is not theirs, nor what nobody has', async () => {
    const conversationId = await queued()
    const send = (client: TestClient) =>
      codeOf(
        client.trpc.messages.send.mutate({
          id: newId(),
          conversationId,
          text: 'x',
          lastSeenSeq: null,
        }),
      )
    expect(await send(asBeto)).toBe('forbidden')
    await asAna.trpc.conversations.claim.mutate({ intentId: newId(), conversationId })
    expect(await send(asBeto)).toBe('forbidden')
    expect(await send(asAna)).toBe('no failure')
  })

  test('whose conversation was taken meanwhile is told by whom and when, and not that they may not', async () => {
    const lead = await server.addPerson({ role: 'supervisor', teamIds: [] })
    const asLead = await server.signIn(lead)
    const refusal = async (attempt: Promise<unknown>) => {
      const error = await attempt.then(
        () => null,
        (reason) => reason,
      )
      return error?.data.app
    }
    const conversationId = await ownedByAna()
    await asLead.trpc.conversations.takeOver.mutate({ intentId: newId(), conversationId })
    const ids = () => ({ intentId: newId(), conversationId })
    const taken = {
      code: 'conflict',
      details: {
        action: 'conversation.transferred',
        by: lead.id,
        at: expect.any(String),
        assignedTo: lead.id,
      },
    }
    const { conversations, messages, tags } = asAna.trpc
    const reply = { id: newId(), conversationId, text: 'ya voy', lastSeenSeq: null }
    expect(await refusal(conversations.close.mutate({ ...ids(), reason: 'resolved' }))).toEqual(
      expect.objectContaining({
        code: 'conflict',
        details: expect.objectContaining(taken.details),
      }),
    )
    expect(await refusal(conversations.release.mutate(ids()))).toMatchObject(taken)
    expect(await refusal(messages.send.mutate(reply))).toMatchObject(taken)
    expect(await refusal(tags.add.mutate({ ...ids(), tagId: newId() }))).toMatchObject(taken)
    // Whoever never had it is told what is so.
    expect(await codeOf(asBeto.trpc.conversations.release.mutate(ids()))).toBe('forbidden')

    // Closed by the lead since: who took it is still the reason.
    await asLead.trpc.conversations.close.mutate({ ...ids(), reason: 'resolved' })
    expect(await refusal(conversations.release.mutate(ids()))).toMatchObject({
      details: { action: 'conversation.transferred', by: lead.id },
    })

    // Out of reach: who and when, and nothing of where it is now.
    const gone = await ownedByAna()
    const to = { kind: 'team', teamId: server.teams.support } as const
    const move = { intentId: newId(), conversationId: gone, to }
    await asLead.trpc.conversations.transfer.mutate(move)
    const late = conversations.close.mutate({ ...ids(), conversationId: gone, reason: 'resolved' })
    expect((await refusal(late)).details).toEqual({
      action: 'conversation.transferred',
      by: lead.id,
      at: expect.any(String),
    })
    const never = await asBeto.trpc.conversations.close
      .mutate({ ...ids(), conversationId: newId(), reason: 'resolved' })
      .catch((error) => error.data.app.code)
    expect(never).toBe('not_found')
    asLead.close()
  })

  test('the customer’s next message reopens it for the same agent if there is room, else it queues', async () => {
    const customer = newCustomer()
    const conversationId = await ownedByAna(customer)
    const close = () =>
      asAna.trpc.conversations.close.mutate({
        intentId: newId(),
        conversationId,
        reason: 'resolved',
      })
    await close()
    await server.database.pool.query(
      `UPDATE agent_presence SET status = 'online', last_seen_at = NOW() WHERE user_id = $1`,
      [ana.id],
    )
    await write(server, customer, 'una cosa más')
    await eventually(async () =>
      expect(await stateOf(server, conversationId)).toMatchObject({
        status: 'assigned',
        assigned_to: ana.id,
      }),
    )
    await close()
    await server.database.pool.query(
      `UPDATE agent_presence SET status = 'offline' WHERE user_id = $1`,
      [ana.id],
    )
    await write(server, customer, 'y otra')
    await eventually(async () =>
      expect(await stateOf(server, conversationId)).toMatchObject({
        status: 'queued',
        assigned_to: null,
      }),
    )
  })

  test('after the reopen window a new conversation begins', async () => {
    const customer = newCustomer()
    const conversationId = await ownedByAna(customer)
    await asAna.trpc.conversations.close.mutate({
      intentId: newId(),
      conversationId,
      reason: 'resolved',
    })
    await server.database.pool.query(
      `UPDATE conversations SET closed_at = NOW() - INTERVAL '25 hours' WHERE id = $1`,
      [conversationId],
    )
    const next = await conversationOf(
      server,
      await write(server, customer, 'quiero comprar de nuevo'),
    )
    expect(next.id).not.toBe(conversationId)
    expect((await stateOf(server, conversationId)).status).toBe('closed')
  })

  test('a closed conversation refuses everything but reopening', async () => {
    const conversationId = await ownedByAna()
    const intent = () => ({ intentId: newId(), conversationId })
    await asAna.trpc.conversations.close.mutate({ ...intent(), reason: 'spam' })
    expect(
      await codeOf(asAna.trpc.conversations.close.mutate({ ...intent(), reason: 'spam' })),
    ).toBe('conflict')
    expect(await codeOf(asAna.trpc.conversations.release.mutate(intent()))).toBe(
      'refused_transition',
    )
    expect(await codeOf(asAna.trpc.conversations.claim.mutate(intent()))).toBe('conflict')
    expect(await codeOf(asAna.trpc.conversations.reopen.mutate(intent()))).toBe('no failure')
  })

  test('is transferred to nobody who is switched off', async () => {
    const gone = await server.addPerson({ role: 'agent', teamIds: [server.teams.sales] })
    await server.database.pool.query('UPDATE users SET is_active = FALSE WHERE id = $1', [gone.id])
    const conversationId = await ownedByAna()
    const attempt = asAna.trpc.conversations.assign.mutate({
      intentId: newId(),
      conversationId,
      userId: gone.id,
    })
    expect(await codeOf(attempt)).toBe('not_assignable')
    expect((await stateOf(server, conversationId)).assigned_to).toBe(ana.id)
  })
})
