import { hash } from '@node-rs/argon2'
import { createPool } from '@parley/database'
import { type PoolClient } from 'pg'

import { inventHistory } from './demo/history.ts'
import { DEMO_PASSWORD, DEMO_PEOPLE, type DemoPerson, type TeamSlug } from './demo/people.ts'
import {
  BUSINESS_HOURS,
  HOLIDAYS,
  nextDateOf,
  SLA_POLICIES,
  TEAM_SETTINGS,
  TIME_ZONE,
} from './demo/team-rules.ts'
import { CANNED_RESPONSES, TAGS, WHATSAPP_TEMPLATES } from './demo/texts.ts'
import { type BusinessNumber } from './payloads.ts'

export { DEMO_AGENT_EMAIL, DEMO_PASSWORD, DEMO_PEOPLE, type DemoPerson } from './demo/people.ts'

/** The business's WhatsApp number in the demo. */
export const DEMO_BUSINESS: BusinessNumber = {
  phoneNumberId: '106540352242922',
  displayPhoneNumber: '525501008800',
}

/** The demo's data cannot go into this database. One line for the person. */
export class DemoDataError extends Error {
  override name = 'DemoDataError'
}

export interface SeedResult {
  /** False: the demo's data were there already, and nothing was touched. */
  created: boolean
  people: number
  conversations: number
}

/** Any number; the same in every process. */
const LOCK_KEY = 7_120_415

/**
 * Creates the demo's people, rules, texts and a month of conversations, in one transaction. Done again it
 * changes nothing, whatever has become of them since.
 * @param now the end of the invented month
 * @throws DemoDataError in a database with other people in it: everybody knows the demo's password
 */
export async function seedDemo(connectionString: string, now = new Date()): Promise<SeedResult> {
  const pool = createPool(connectionString, {
    maxConnections: 1,
    applicationName: 'parley-demo-data',
  })
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY])
    const result = (await isSeeded(client))
      ? await countExisting(client)
      : await createAll(client, now)
    await client.query('COMMIT')
    return result
  } catch (error) {
    // Where the connection itself is gone PostgreSQL has rolled back; the first failure is the one to tell.
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
    await pool.end()
  }
}

async function isSeeded(client: PoolClient): Promise<boolean> {
  const emails = DEMO_PEOPLE.map(({ email }) => email)
  const { rows } = await client.query<{ known: number; others: number }>(
    `SELECT count(*) FILTER (WHERE email = ANY($1))::int AS known,
            count(*) FILTER (WHERE email <> ALL($1))::int AS others FROM users`,
    [emails],
  )
  const { known = 0, others = 0 } = rows[0] ?? {}
  if (known === 0 && others > 0) {
    throw new DemoDataError(
      'This data folder holds people of its own; the demo, whose password everybody knows, does not go there. Use --no-demo or another --data-dir',
    )
  }
  return known > 0
}

async function countExisting(client: PoolClient): Promise<SeedResult> {
  const { rows } = await client.query<{ people: number; conversations: number }>(
    'SELECT (SELECT count(*)::int FROM users) AS people, (SELECT count(*)::int FROM conversations) AS conversations',
  )
  return {
    created: false,
    people: rows[0]?.people ?? 0,
    conversations: rows[0]?.conversations ?? 0,
  }
}

async function createAll(client: PoolClient, now: Date): Promise<SeedResult> {
  const teams = await readTeams(client)
  const people = await createPeople(client, teams)
  await createTeamRules(client, teams, now)
  await createTexts(client, teams, people)
  const history = inventHistory({
    now,
    teams,
    people,
    accounts: await createChannelAccounts(client),
    policies: await readAll(client, 'SELECT id, team_id, priority FROM sla_policies'),
    tags: await readAll(client, 'SELECT id, name FROM tags'),
  })
  await insert(client, 'customers', history.customers)
  await insert(client, 'customer_identities', history.identities)
  await insert(client, 'conversations', history.conversations)
  await insert(client, 'messages', history.messages)
  await client.query(`
    INSERT INTO message_attempts (
      id, message_id, number, conversation_id, message_seq, state, channel_message_id, failed_reason, created_at,
      sent_at, delivered_at, read_at)
    SELECT new_id(), id, 1, conversation_id, seq,
           CASE WHEN ambiguous_at IS NOT NULL THEN 'ambiguous' WHEN status = 'pending' THEN 'waiting' ELSE status END,
           channel_message_id, failed_reason, created_at, sent_at, delivered_at, read_at
    FROM messages WHERE direction = 'outbound'`)
  // Who answered has read what they answered.
  await client.query(`
    INSERT INTO read_marks (user_id, conversation_id, seq)
    SELECT m.sender_id, m.conversation_id, MAX(m.seq)
    FROM messages m JOIN conversations c ON c.id = m.conversation_id AND c.status <> 'closed'
    WHERE m.direction = 'outbound' AND m.sender_id IS NOT NULL
    GROUP BY m.sender_id, m.conversation_id`)
  await insert(client, 'conversation_events', history.events)
  await insert(client, 'conversation_assignments', history.assignments)
  await insert(client, 'conversation_tags', history.tags)
  await insert(client, 'conversation_notes', history.notes)
  await insert(client, 'sla_timers', history.timers)
  await insert(client, 'sla_violations', history.violations)
  return { created: true, people: people.length, conversations: history.conversations.length }
}

interface Team {
  id: string
  slug: TeamSlug
}

async function readTeams(client: PoolClient): Promise<Team[]> {
  const known = await readAll<Team>(client, 'SELECT id, slug FROM teams')
  return (Object.keys(BUSINESS_HOURS) as TeamSlug[]).map((slug) => {
    const team = known.find((row) => row.slug === slug)
    if (team === undefined)
      throw new DemoDataError(`The database has no team "${slug}", which the demo needs`)
    return team
  })
}

async function createPeople(
  client: PoolClient,
  teams: readonly Team[],
): Promise<(DemoPerson & { id: string })[]> {
  // One hash each, with its own salt, as people of flesh would have.
  const hashes = await Promise.all(DEMO_PEOPLE.map(() => hash(DEMO_PASSWORD)))
  await insert(
    client,
    'users',
    DEMO_PEOPLE.map(({ email, fullName, role }, index) => ({
      email,
      full_name: fullName,
      role,
      password_hash: hashes[index],
    })),
  )
  const ids = await readAll<{ id: string; email: string }>(client, 'SELECT id, email FROM users')
  const idOf = new Map(ids.map(({ id, email }) => [email, id]))
  const people = DEMO_PEOPLE.map((person) => ({ ...person, id: idOf.get(person.email) as string }))
  await insert(
    client,
    'team_memberships',
    people.flatMap(({ id, teams: slugs }) =>
      slugs.map((slug) => ({ user_id: id, team_id: teamId(teams, slug) })),
    ),
  )
  await insert(
    client,
    'agent_presence',
    people.map(({ id, capacity }) => ({ user_id: id, status: 'offline', capacity })),
  )
  const admin = people.find(({ role }) => role === 'admin')
  await insert(
    client,
    'agent_skills',
    people.flatMap(({ id, skills }) =>
      Object.entries(skills).map(([name, level]) => ({
        user_id: id,
        skill_name: name,
        proficiency_level: level,
        verified_by: admin?.id ?? null,
      })),
    ),
  )
  return people
}

async function createTeamRules(
  client: PoolClient,
  teams: readonly Team[],
  now: Date,
): Promise<void> {
  await insert(
    client,
    'business_hours',
    teams.flatMap(({ id, slug }) =>
      BUSINESS_HOURS[slug].map(({ day, opens, closes }) => ({
        team_id: id,
        day_of_week: day,
        open_time: opens,
        close_time: closes,
        timezone: TIME_ZONE,
      })),
    ),
  )
  await insert(
    client,
    'sla_policies',
    teams.flatMap(({ id, slug }) =>
      Object.entries(SLA_POLICIES[slug]).map(
        ([priority, [firstResponse, resolution, escalation]]) => ({
          team_id: id,
          priority,
          frt_target_seconds: firstResponse,
          resolution_target_seconds: resolution,
          escalation_after_seconds: escalation,
        }),
      ),
    ),
  )
  // The first server that starts computes the clocks of what is open.
  await client.query(
    'INSERT INTO sla_recomputes (team_id) SELECT DISTINCT team_id FROM sla_policies ON CONFLICT DO NOTHING',
  )
  // Every team has its row from the start.
  for (const { id, slug } of teams) {
    await client.query(
      `UPDATE team_settings SET reopen_window_seconds = $2, pending_customer_fraction = $3,
         return_unanswered_seconds = $4, wrap_up_seconds = $5, relax_skills_after_seconds = 120
       WHERE team_id = $1`,
      [
        id,
        TEAM_SETTINGS[slug].reopenWindowSeconds,
        TEAM_SETTINGS[slug].pendingCustomerFraction,
        TEAM_SETTINGS[slug].returnUnansweredSeconds,
        TEAM_SETTINGS[slug].wrapUpSeconds,
      ],
    )
  }
  await insert(
    client,
    'team_holidays',
    HOLIDAYS.flatMap((holiday) =>
      holiday.teams.map((slug) => ({
        team_id: teamId(teams, slug),
        date: nextDateOf(holiday, now),
        name: holiday.name,
      })),
    ),
  )
}

async function createTexts(
  client: PoolClient,
  teams: readonly Team[],
  people: readonly (DemoPerson & { id: string })[],
): Promise<void> {
  const supervisor = people.find(({ role }) => role === 'supervisor')
  await insert(
    client,
    'canned_responses',
    CANNED_RESPONSES.map(({ team, owner, ...response }) => ({
      ...response,
      team_id: team === null ? null : teamId(teams, team),
      owner_id: people.find(({ email }) => email === owner)?.id ?? null,
      created_by: people.find(({ email }) => email === owner)?.id ?? supervisor?.id,
    })),
  )
  await insert(
    client,
    'whatsapp_templates',
    WHATSAPP_TEMPLATES.map(({ rejectionReason, ...template }) => ({
      ...template,
      rejection_reason: rejectionReason ?? null,
      created_by: supervisor?.id,
    })),
  )
  await insert(
    client,
    'tags',
    TAGS.map(({ name, color, team }) => ({
      name,
      color,
      team_id: team === null ? null : teamId(teams, team),
    })),
  )
}

async function createChannelAccounts(
  client: PoolClient,
): Promise<{ whatsapp: string; chat_app: string }> {
  const accounts = [
    ['whatsapp', DEMO_BUSINESS.phoneNumberId, 'WhatsApp'],
    ['chat_app', 'default', 'App'],
  ] as const
  const ids = { whatsapp: '', chat_app: '' }
  for (const [channel, externalId, displayName] of accounts) {
    // A server that ran on this database before has made its own account known.
    const { rows } = await client.query<{ id: string }>(
      `INSERT INTO channel_accounts (channel, external_id, display_name) VALUES ($1, $2, $3)
       ON CONFLICT (channel, external_id) DO UPDATE SET external_id = EXCLUDED.external_id RETURNING id`,
      [channel, externalId, displayName],
    )
    ids[channel] = rows[0]?.id as string
  }
  return ids
}

function teamId(teams: readonly Team[], slug: TeamSlug): string {
  const team = teams.find((known) => known.slug === slug)
  if (team === undefined) throw new Error(`no team ${slug}`)
  return team.id
}

async function readAll<Row extends object>(client: PoolClient, query: string): Promise<Row[]> {
  return (await client.query<Row>(query)).rows
}

/**
 * Inserts in the given order, with the table's own types and defaults for columns that no row names. Table
 * and column names are ours, never input.
 */
async function insert(
  client: PoolClient,
  table: string,
  rows: readonly Record<string, unknown>[],
): Promise<void> {
  if (rows.length === 0) return
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].join(', ')
  await client.query(
    `INSERT INTO ${table} (${columns})
     SELECT ${columns} FROM jsonb_populate_recordset(NULL::${table}, $1) WITH ORDINALITY ORDER BY ordinality`,
    [JSON.stringify(rows)],
  )
}
