import { randomUUID } from 'node:crypto'

import { createTestDatabase, type TestDatabase } from '@parley/database/testing'
import { type PresenceStatus, type Role } from '@parley/domain'

import { Database } from '../platform/database.ts'
import { createLogger } from '../platform/logger.ts'
import { createSecrets } from '../platform/secrets.ts'
import { createServices, type Services } from '../platform/services.ts'

export const TEST_SECRETS = createSecrets(Buffer.alloc(32, 7).toString('base64'))

/** What features stand on, on a database of its own, with no server running that would act by itself. */
export interface BareServices extends Services {
  database: TestDatabase
  /** The rows of a query with parameters. */
  rows<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>
  addTeam(): Promise<string>
  addPerson(role: Role, presence: PresenceStatus, teamIds?: string[]): Promise<string>
  /** An open conversation of a customer of its own. */
  addConversation(fields?: Record<string, unknown>): Promise<BareConversation>
}

export interface BareConversation {
  id: string
  customerId: string
  teamId: string | null
  assignedTo: string | null
}

export async function createBareServices(): Promise<BareServices> {
  const database = await createTestDatabase()
  const logger = createLogger(process.env['TEST_LOG_LEVEL'] ?? 'fatal')
  const rows: BareServices['rows'] = async (text, values) =>
    (await database.pool.query(text, values)).rows as never
  const insert = async (table: string, fields: Record<string, unknown>): Promise<string> => {
    const columns = Object.keys(fields)
    const places = columns.map((_, index) => `$${index + 1}`)
    const [row] = await rows<{ id: string }>(
      `INSERT INTO ${table} (${columns.join()}) VALUES (${places.join()}) RETURNING id`,
      Object.values(fields),
    )
    return (row as { id: string }).id
  }
  const account = await insert('channel_accounts', {
    channel: 'whatsapp',
    external_id: 'bare',
    display_name: 'bare',
  })
  return {
    ...(await createServices(
      new Database(database.pool),
      database.connectionString,
      TEST_SECRETS,
      logger,
    )),
    database,
    rows,
    addTeam: () => insert('teams', { name: randomUUID(), slug: randomUUID() }),
    async addPerson(role, presence, teamIds = []) {
      const userId = await insert('users', {
        email: `${randomUUID()}@parley.example`,
        password_hash: 'x',
        full_name: 'Somebody',
        role,
      })
      await rows('INSERT INTO agent_presence (user_id, status) VALUES ($1, $2)', [userId, presence])
      for (const teamId of teamIds) {
        await insert('team_memberships', { user_id: userId, team_id: teamId })
      }
      return userId
    },
    async addConversation(fields = {}) {
      const customerId = await insert('customers', {
        external_id: randomUUID(),
        channel: 'whatsapp',
      })
      const row = {
        customer_id: customerId,
        channel: 'whatsapp',
        channel_account_id: account,
        team_id: null,
        assigned_to: null,
        status: 'new',
        ...fields,
      }
      const id = await insert('conversations', row)
      return { id, customerId, teamId: row.team_id, assignedTo: row.assigned_to }
    },
  }
}
