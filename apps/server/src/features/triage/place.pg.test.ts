import { afterAll, beforeAll, expect, test } from 'vitest'

import { createBareServices, type BareServices } from '../../testing/bare-services.ts'
import { eventually } from '../../testing/test-server.ts'
import { startTriage, type Triage } from './triage.ts'

let bare: BareServices
let triage: Triage

beforeAll(async () => {
  bare = await createBareServices()
  await bare.rows(
    `INSERT INTO teams (name, slug) VALUES ('Servicio', 'customer_service') ON CONFLICT DO NOTHING`,
  )
  triage = startTriage(bare)
})
afterAll(async () => {
  await triage.stop()
  await bare.database.drop()
})

const newOnes = (count: number): Promise<string[]> =>
  Promise.all(
    Array.from({ length: count }, async () => {
      const { id } = await bare.addConversation({
        first_message_at: new Date(),
        waiting_since: new Date(),
      })
      return id
    }),
  )

async function statesOf(ids: readonly string[]): Promise<Record<string, string[]>> {
  const rows = await bare.rows<{ id: string; status: string; team: string | null }>(
    'SELECT id, status, team_id AS team FROM conversations WHERE id = ANY($1)',
    [ids],
  )
  expect(rows.filter(({ status }) => status === 'queued').every(({ team }) => team)).toBe(true)
  return Object.fromEntries(
    [...Map.groupBy(rows, ({ status }) => status)].map(([status, some]) => [
      status,
      some.map(({ id }) => id),
    ]),
  )
}

async function arePlaced(ids: readonly string[]): Promise<void> {
  await eventually(async () => {
    expect((await statesOf(ids))['queued']?.toSorted()).toEqual([...ids].toSorted())
  })
}

test('a hundred that come at once are placed together, each with its record, once', async () => {
  const ids = await newOnes(100)
  for (const id of [...ids, ...ids]) triage.begin(id)
  await arePlaced(ids)
  const events = await bare.rows<{ id: string; types: string[]; transactions: string[] }>(
    `SELECT conversation_id AS id, array_agg(event_type ORDER BY seq) AS types, array_agg(DISTINCT xmin::text) AS transactions
     FROM conversation_events WHERE conversation_id = ANY($1) GROUP BY conversation_id`,
    [ids],
  )
  expect(events.map(({ types }) => types)).toEqual(
    ids.map(() => ['conversation.status_changed', 'triage.completed']),
  )
  expect(new Set(events.flatMap(({ transactions }) => transactions)).size).toBeLessThan(20)
})

test('one that somebody is changing holds no other up, and is placed after that', async () => {
  const ids = await newOnes(12)
  const [held, ...others] = ids as [string, ...string[]]
  const somebody = await bare.database.pool.connect()
  await somebody.query('BEGIN')
  await somebody.query('SELECT FROM conversations WHERE id = $1 FOR UPDATE', [held])
  for (const id of ids) triage.begin(id)
  await arePlaced(others)
  expect(await statesOf([held])).toEqual({ new: [held] })
  await somebody.query('COMMIT')
  somebody.release()
  await arePlaced([held])
})

test('one that cannot be placed takes no other along', async () => {
  const ids = await newOnes(12)
  const [broken, ...others] = ids as [string, ...string[]]
  await bare.rows(
    `ALTER TABLE conversations ADD CONSTRAINT refused CHECK (id <> '${broken}' OR status = 'new')`,
  )
  for (const id of ids) triage.begin(id)
  await arePlaced(others)
  expect(await statesOf([broken])).toEqual({ new: [broken] })
  await bare.rows('ALTER TABLE conversations DROP CONSTRAINT refused')
  triage.begin(broken)
  await arePlaced([broken])
})
