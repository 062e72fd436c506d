import { type BootstrapPage, type FeedItem, type OfferRow, type PutItem } from '@parley/contracts'
import { type RoutingSettings } from '@parley/domain'

import { eventually, type TestClient, type TestPerson, type TestServer } from './test-server.ts'

/** A workstation that follows the feed: its person is there. */
export interface TestWorkstation extends TestClient {
  person: TestPerson
  /** The offers that its person has, by what the feed brought. */
  offers(): OfferRow[]
  /** The line breaks. */
  disconnect(): void
}

export async function arrive(server: TestServer, person: TestPerson): Promise<TestWorkstation> {
  const client = await server.signIn(person)
  const { cursor } = await client.trpc.sync.bootstrap.query({ page: null })
  const items: FeedItem[] = []
  let isLive = false
  const subscription = client.trpc.sync.feed.subscribe(
    { cursor: cursor as string },
    {
      onData: ({ data }) => {
        if (data.type === 'live') isLive = true
        if (data.type === 'batch') items.push(...data.batch.items)
      },
    },
  )
  await eventually(async () => {
    // Not by the person's own row: before they were ever there it counts as connected.
    const { rowCount } = await server.database.pool.query(
      'SELECT 1 FROM device_presence WHERE session_id = $1 AND connection_id IS NOT NULL',
      [client.sessionId],
    )
    if (!isLive || rowCount !== 1) throw new Error('not there yet')
  })
  return {
    ...client,
    person,
    offers() {
      const newest = new Map<string, OfferRow>()
      for (const item of items) {
        if (item.op !== 'put' || item.kind !== 'offer') continue
        const known = newest.get(item.row.id)
        if (known === undefined || known.version < item.row.version)
          newest.set(item.row.id, item.row)
      }
      return [...newest.values()]
    },
    disconnect() {
      subscription.unsubscribe()
      client.close()
    },
  }
}

/** All that a workstation begins with, page by page. */
export async function bootstrapAll({ trpc }: TestClient): Promise<PutItem[]> {
  const items: PutItem[] = []
  let page: string | null = null
  do {
    const answer: BootstrapPage = await trpc.sync.bootstrap.query({ page })
    items.push(...answer.items)
    page = answer.nextPage
  } while (page !== null)
  return items
}

export async function presenceOf(
  server: TestServer,
  userId: string,
): Promise<{ status: string; reason: string | null; connected: boolean; finishing: boolean }> {
  const { rows } = await server.database.pool.query<{
    status: string
    reason: string | null
    connected: boolean
    finishing: boolean
  }>(
    `SELECT status, reason, is_connected AS connected, is_finishing AS finishing
     FROM agent_presence WHERE user_id = $1`,
    [userId],
  )
  const [row] = rows
  if (row === undefined) throw new Error('never seen')
  return row
}

/** A team of its own, so that tests do not take each other's conversations. */
export async function newTeam(
  server: Pick<TestServer, 'database'>,
  slug: string,
  settings: Partial<RoutingSettings> = {},
): Promise<string> {
  const { rows } = await server.database.pool.query<{ id: string }>(
    'INSERT INTO teams (name, slug) VALUES ($1, $1) RETURNING id',
    [slug],
  )
  const id = (rows[0] as { id: string }).id
  await changeTeam(server, id, settings)
  return id
}

export async function changeTeam(
  server: Pick<TestServer, 'database'>,
  teamId: string,
  settings: Partial<RoutingSettings>,
): Promise<void> {
  for (const [name, value] of Object.entries(settings)) {
    const column =
      name === 'mode' || name === 'strategy'
        ? `routing_${name}`
        : name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)
    await server.database.pool.query(`UPDATE team_settings SET ${column} = $2 WHERE team_id = $1`, [
      teamId,
      typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
    ])
  }
}

/** Conversations that wait in a team's queue, and every process told so. @returns their ids, oldest first */
export async function queueUp(
  server: Pick<TestServer, 'database'>,
  teamId: string,
  count: number,
  fields: { requiredSkills?: Record<string, number>; priority?: string; channel?: string } = {},
): Promise<string[]> {
  const { rows } = await server.database.pool.query<{ id: string }>(
    `WITH account AS (
       INSERT INTO channel_accounts (channel, external_id, display_name)
       VALUES ($5, 'queued', 'queued') ON CONFLICT (channel, external_id) DO UPDATE SET is_active = TRUE
       RETURNING id),
     people AS (
       INSERT INTO customers (external_id, channel)
       SELECT 'queued-' || gen_random_uuid(), $5 FROM generate_series(1, $2) RETURNING id),
     queued AS (
       INSERT INTO conversations (customer_id, channel, channel_account_id, team_id, status, queued_at,
         first_message_at, waiting_since, last_inbound_at, last_message_at, priority, required_skills)
       SELECT people.id, $5, account.id, $1, 'queued',
              NOW() + make_interval(secs => row_number() OVER () / 1000000.0),
              NOW(), NOW(), NOW(), NOW(), $3, $4::jsonb
       FROM people, account RETURNING id, queued_at)
     SELECT id FROM queued ORDER BY queued_at`,
    [
      teamId,
      count,
      fields.priority ?? 'normal',
      JSON.stringify(fields.requiredSkills ?? {}),
      fields.channel ?? 'whatsapp',
    ],
  )
  await server.database.pool.query('NOTIFY parley_routing')
  return rows.map(({ id }) => id)
}
