import { verify } from '@node-rs/argon2'
import { createTestDatabase, type TestDatabase } from '@parley/database/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { DEMO_PASSWORD, DEMO_PEOPLE, DemoDataError, seedDemo } from './demo-data.ts'

const TABLES = [
  'users',
  'team_memberships',
  'agent_presence',
  'agent_skills',
  'business_hours',
  'team_holidays',
  'sla_policies',
  'team_settings',
  'canned_responses',
  'whatsapp_templates',
  'tags',
  'channel_accounts',
  'customers',
  'customer_identities',
  'conversations',
  'messages',
  'read_marks',
  'conversation_events',
  'conversation_assignments',
  'conversation_tags',
  'conversation_notes',
  'sla_violations',
  'changes',
]

let database: TestDatabase

async function one<Row extends object>(query: string): Promise<Row> {
  const { rows } = await database.pool.query<Row>(query)
  return rows[0] as Row
}

/** A fingerprint of everything in these tables. */
async function contents(): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const table of TABLES) {
    const { hash } = await one<{ hash: string }>(
      `SELECT count(*) || ':' || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS hash FROM ${table} t`,
    )
    found[table] = hash
  }
  return found
}

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

describe('the demo data', () => {
  it('is created once, even by two at the same time, and left alone afterwards', async () => {
    const [first, second] = await Promise.all([
      seedDemo(database.connectionString),
      seedDemo(database.connectionString),
    ])
    expect([first.created, second.created].toSorted()).toEqual([false, true])
    const before = await contents()
    expect(before['users']).toMatch(/^13:/)
    expect(Object.values(before).filter((hash) => hash.startsWith('0:'))).toEqual([])

    await database.pool.query(
      `UPDATE users SET full_name = 'Mariana S.' WHERE email = 'mariana.solis@parley.example'`,
    )
    const changed = await contents()
    expect(await seedDemo(database.connectionString)).toMatchObject({
      created: false,
      people: 13,
      conversations: 48,
    })
    expect(await contents()).toEqual(changed)
  })

  it('shows nobody as new what they have answered', async () => {
    const { answered, unread } = await one<{ answered: number; unread: number }>(`
      SELECT COUNT(*)::int AS answered, COUNT(*) FILTER (WHERE r.seq IS NULL OR r.seq < m.seq)::int AS unread
      FROM messages m JOIN conversations c ON c.id = m.conversation_id AND c.status <> 'closed'
      LEFT JOIN read_marks r ON r.user_id = c.assigned_to AND r.conversation_id = c.id
      WHERE m.direction = 'outbound' AND m.sender_id = c.assigned_to`)
    expect(answered).toBeGreaterThan(5)
    expect(unread).toBe(0)
  })

  it('lets people of all four roles sign in', async () => {
    const { rows } = await database.pool.query<{
      email: string
      role: string
      password_hash: string
    }>('SELECT email, role, password_hash FROM users')
    expect(new Set(rows.map(({ role }) => role))).toEqual(
      new Set(['agent', 'team_lead', 'supervisor', 'admin']),
    )
    expect(rows.map(({ email }) => email).toSorted()).toEqual(
      DEMO_PEOPLE.map(({ email }) => email).toSorted(),
    )
    expect(rows.every(({ password_hash }) => password_hash.startsWith('$argon2id$'))).toBe(true)
    expect(await verify(rows[0]?.password_hash ?? '', DEMO_PASSWORD)).toBe(true)
  })

  it('tells conversations as the server would', async () => {
    // The audit trail's last state is the conversation's, step by step without a gap.
    const broken = await database.pool.query(`
      SELECT c.id FROM conversations c
      WHERE c.status <> (SELECT e.new_value ->> 'status' FROM conversation_events e
                         WHERE e.conversation_id = c.id ORDER BY e.seq DESC LIMIT 1)
      UNION
      SELECT e.conversation_id FROM conversation_events e
      WHERE e.old_value ->> 'status' <> (SELECT p.new_value ->> 'status' FROM conversation_events p
        WHERE p.conversation_id = e.conversation_id AND p.seq < e.seq ORDER BY p.seq DESC LIMIT 1)`)
    expect(broken.rows).toEqual([])
    const owners = await one<{ wrong: number }>(`
      SELECT count(*)::int AS wrong FROM conversations c
      WHERE (c.status IN ('assigned', 'pending_agent', 'pending_customer'))
        <> EXISTS (SELECT FROM conversation_assignments a WHERE a.conversation_id = c.id AND a.ended_at IS NULL)`)
    expect(owners.wrong).toBe(0)
    const clocks = await one<{ wrong: number }>(`
      SELECT count(*)::int AS wrong FROM conversations c
      WHERE (c.waiting_since IS NOT NULL) <> (c.status IN ('queued', 'assigned', 'pending_agent'))
         OR c.last_message_at <> (SELECT max(sent_at) FROM messages m WHERE m.conversation_id = c.id)
         OR c.last_inbound_at <> (SELECT max(sent_at) FROM messages m WHERE m.conversation_id = c.id AND direction = 'inbound')
         OR c.first_message_at <> (SELECT min(sent_at) FROM messages m WHERE m.conversation_id = c.id)`)
    expect(clocks.wrong).toBe(0)
  })

  it('holds a month of closed conversations and some open ones, in the past', async () => {
    const counts = await one<{
      closed: number
      open: number
      late: number
      old: number
      violations: number
    }>(`
      SELECT count(*) FILTER (WHERE status = 'closed')::int AS closed,
             count(*) FILTER (WHERE status <> 'closed')::int AS open,
             count(*) FILTER (WHERE updated_at > NOW())::int AS late,
             count(*) FILTER (WHERE created_at < NOW() - INTERVAL '31 days')::int AS old,
             (SELECT count(*)::int FROM sla_violations) AS violations FROM conversations`)
    expect(counts).toMatchObject({ closed: 40, open: 8, late: 0, old: 0 })
    expect(counts.violations).toBeGreaterThan(0)
  })

  it('refuses a database with other people in it', async () => {
    await using other = await createTestDatabase()
    await other.pool.query(
      `INSERT INTO users (email, password_hash, full_name, role) VALUES ('real@company.example', 'x', 'Real', 'admin')`,
    )
    await expect(seedDemo(other.connectionString)).rejects.toThrow(DemoDataError)
  })
})
