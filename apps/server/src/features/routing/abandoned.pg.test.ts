import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { sql } from '../../platform/sql.ts'
import { createBareServices, type BareServices } from '../../testing/bare-services.ts'
import { eventually } from '../../testing/test-server.ts'
import { giveBackAll, returnAbandoned, withdrawOffersBeyond } from './abandoned.ts'
import { lockPresence } from './candidates.queries.ts'
import { expireOffers } from './offers.ts'

let services: BareServices
let teamId: string

beforeAll(async () => {
  services = await createBareServices()
})
afterAll(() => services.database.drop())
beforeEach(async () => {
  teamId = await services.addTeam()
})

const HOUR_AGO = new Date(Date.now() - 3_600_000)
const ELEVEN_MINUTES_AGO = new Date(Date.now() - 11 * 60_000)

/** Somebody who has been offline for an hour. */
async function absent(): Promise<string> {
  const userId = await services.addPerson('agent', 'offline', [teamId])
  await services.rows('UPDATE agent_presence SET since = $2 WHERE user_id = $1', [userId, HOUR_AGO])
  return userId
}

async function given(userId: string, assignedAt: Date, fields: Record<string, unknown> = {}) {
  const { id } = await services.addConversation({
    team_id: teamId,
    assigned_to: userId,
    status: 'assigned',
    assigned_at: assignedAt,
    waiting_since: assignedAt,
    ...fields,
  })
  return id
}

async function stateOf(id: string): Promise<{ status: string; team_id: string }> {
  const [row] = await services.rows<{ status: string; team_id: string }>(
    'SELECT status, team_id FROM conversations WHERE id = $1',
    [id],
  )
  return row as { status: string; team_id: string }
}
const statusOf = async (id: string): Promise<string> => (await stateOf(id)).status

describe('what somebody cannot answer', () => {
  test('who has long been gone stays with them for the team’s time after it was given to them', async () => {
    const person = await absent()
    const now = await given(person, new Date())
    const before = await given(person, ELEVEN_MINUTES_AGO)
    await returnAbandoned(services, HOUR_AGO)
    expect([await statusOf(now), await statusOf(before)]).toEqual(['assigned', 'queued'])
  })

  test('who was never there at all goes back, too', async () => {
    const person = await absent()
    await services.rows('DELETE FROM agent_presence WHERE user_id = $1', [person])
    const now = await given(person, new Date())
    const before = await given(person, ELEVEN_MINUTES_AGO)
    await returnAbandoned(services, HOUR_AGO)
    expect([await statusOf(now), await statusOf(before)]).toEqual(['assigned', 'queued'])
  })

  test('who is switched off goes back at once, and what waits for its customer with it', async () => {
    const person = await services.addPerson('agent', 'online', [teamId])
    await services.rows('UPDATE users SET is_active = FALSE WHERE id = $1', [person])
    const waiting = await given(person, new Date())
    const answered = await given(person, new Date(), { status: 'pending_customer' })
    await returnAbandoned(services, new Date())
    expect([await statusOf(waiting), await statusOf(answered)]).toEqual(['queued', 'queued'])
  })

  test('is theirs again for the whole time where the server was away, and they could not be heard', async () => {
    const id = await given(await absent(), ELEVEN_MINUTES_AGO)
    await returnAbandoned(services, new Date())
    expect(await statusOf(id)).toBe('assigned')
  })

  test('and was taken before it had a team goes where triage sends what nothing places', async () => {
    const id = await given(await absent(), ELEVEN_MINUTES_AGO, { team_id: null })
    await returnAbandoned(services, HOUR_AGO)
    const [fallback] = await services.rows<{ id: string }>(
      `SELECT id FROM teams WHERE slug = 'customer_service'`,
    )
    expect(await stateOf(id)).toEqual({ status: 'queued', team_id: fallback?.id })
  })

  test('and answered meanwhile stays where it is', async () => {
    const person = await absent()
    const answered = await given(person, ELEVEN_MINUTES_AGO, { status: 'pending_customer' })
    await returnAbandoned(services, HOUR_AGO)
    expect(await statusOf(answered)).toBe('pending_customer')
  })
})

test('giving back all leaves nothing but what is closed', async () => {
  const person = await services.addPerson('agent', 'online', [teamId])
  const states = ['assigned', 'pending_agent', 'pending_customer']
  const ids = await Promise.all(states.map((status) => given(person, new Date(), { status })))
  const closed = await given(person, new Date(), { status: 'closed', closed_at: new Date() })
  await services.db.transaction((tx) => giveBackAll(services, tx, person))
  for (const id of ids) expect(await statusOf(id)).toBe('queued')
  expect(await statusOf(closed)).toBe('closed')
})

test('an offer that runs out while its person leaves is withdrawn, and neither waits for the other', async () => {
  const person = await services.addPerson('agent', 'online', [teamId])
  const { id } = await services.addConversation({
    team_id: teamId,
    status: 'queued',
    queued_at: new Date(),
  })
  await services.rows(
    `INSERT INTO offers (conversation_id, user_id, team_id, explanation, expires_at)
     VALUES ($1, $2, $3, '{}', NOW())`,
    [id, person, teamId],
  )
  let expiring: Promise<number> | undefined
  await services.db.transaction(async (tx) => {
    await lockPresence(tx, [person])
    expiring = expireOffers(services)
    await eventually(async () => {
      const waiting = await services.rows(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      )
      if (waiting.length === 0) throw new Error('it has not come so far')
    })
    await tx.run(sql`
      UPDATE offers SET outcome = 'withdrawn', decided_at = NOW()
      WHERE user_id = ${person} AND outcome = 'open'`)
  })
  expect(await expiring).toBe(0)
  const outcomes = await services.rows('SELECT outcome FROM offers WHERE user_id = $1', [person])
  expect(outcomes).toEqual([{ outcome: 'withdrawn' }])
})

test('an offer goes with the team it is of, and no other offer', async () => {
  const elsewhere = await services.addTeam()
  const person = await services.addPerson('agent', 'online', [teamId, elsewhere])
  const offer = async (of: string) => {
    const { id } = await services.addConversation({
      team_id: of,
      status: 'queued',
      queued_at: new Date(),
    })
    await services.rows(
      `INSERT INTO offers (conversation_id, user_id, team_id, explanation, expires_at)
       VALUES ($1, $2, $3, '{}', NOW() + INTERVAL '1 minute')`,
      [id, person, of],
    )
  }
  await offer(teamId)
  await offer(elsewhere)
  await services.rows('DELETE FROM team_memberships WHERE user_id = $1 AND team_id = $2', [
    person,
    teamId,
  ])
  await services.db.transaction((tx) => withdrawOffersBeyond(tx, person))
  const outcomes = await services.rows<{ team_id: string; outcome: string }>(
    'SELECT team_id, outcome FROM offers WHERE user_id = $1',
    [person],
  )
  expect(new Map(outcomes.map(({ team_id, outcome }) => [team_id, outcome]))).toEqual(
    new Map([
      [teamId, 'withdrawn'],
      [elsewhere, 'open'],
    ]),
  )
})
