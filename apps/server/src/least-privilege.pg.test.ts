import { randomBytes } from 'node:crypto'

import { grantToServer } from '@parley/database'
import { type TestDatabase } from '@parley/database/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import pg from 'pg'

import { createLogger } from './platform/logger.ts'
import { conversationOf, newCustomer, stateOf, write } from './testing/conversations.ts'
import { eventually, newId, startTestServer, type TestServer } from './testing/test-server.ts'

const role = `parley_least_${randomBytes(6).toString('hex')}`
const password = randomBytes(12).toString('hex')
let server: TestServer
let own: string
const complaints: string[] = []

async function runAt(url: string, statement: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

async function connectTo({ pool, connectionString }: TestDatabase): Promise<string> {
  await pool.query(`CREATE ROLE ${role} LOGIN PASSWORD '${password}'`)
  await grantToServer(connectionString, role)
  const url = new URL(connectionString)
  url.username = role
  url.password = password
  own = url.href
  return own
}

beforeAll(async () => {
  const logger = createLogger('warn', { write: (line) => void complaints.push(line) })
  server = await startTestServer({}, undefined, { connectTo, logger })
})
afterAll(async () => {
  await server.stop()
  // Its rights have gone with the database.
  const elsewhere = new URL(server.database.connectionString)
  elsewhere.pathname = '/postgres'
  await runAt(elsewhere.href, `DROP ROLE ${role}`)
})

test('a server whose account owns nothing does all that it does', async () => {
  const team = server.teams.sales
  const admin = await server.signIn(await server.addPerson({ role: 'admin', teamIds: [] }))
  const agent = await server.signIn(await server.addPerson({ role: 'agent', teamIds: [team] }))
  const { id } = await conversationOf(server, await write(server, newCustomer(), 'quiero comprar'))
  await eventually(async () => expect((await stateOf(server, id)).status).toBe('queued'))
  await agent.trpc.conversations.claim.mutate({ intentId: newId(), conversationId: id })
  await agent.trpc.presence.set.mutate({ status: 'online', reason: null })
  await admin.trpc.teams.create.mutate({ id: newId(), name: 'Cobros', description: null })
  // Work by the clock is found and done under row security, too.
  await server.database.pool.query("SELECT graphile_worker.add_job('prune-audit-log')")
  await eventually(async () => {
    const { rows } = await server.database.pool.query('SELECT 1 FROM graphile_worker.jobs')
    expect(rows).toEqual([])
  })
  for (const client of [admin, agent]) client.close()
  await server.restart()
  expect(complaints).toEqual([])
})

test.each([
  ['DROP TABLE messages', 'must be owner'],
  ['ALTER TABLE audit_log DISABLE TRIGGER USER', 'must be owner'],
  ['TRUNCATE messages', 'permission denied'],
  ["UPDATE audit_log SET action = 'team.changed'", 'permission denied'],
  ['CREATE TABLE mine (id int)', 'permission denied'],
  ['UPDATE parley_schema SET schema_version = 1', 'permission denied'],
  ['CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS $$SELECT 1$$', 'permission denied'],
])('and may not %s', async (statement, why) => {
  await expect(runAt(own, statement)).rejects.toThrow(why)
})

test('what later migrations make is the server’s, and it may be said again', async () => {
  await server.database.pool.query('CREATE TABLE made_later (id int)')
  await grantToServer(server.database.connectionString, role)
  await runAt(own, 'INSERT INTO made_later VALUES (1)')
})

test('it is no role that is not there, nor one that owns the tables', async () => {
  const { connectionString } = server.database
  const refused = { code: 'server-role-unusable' }
  await expect(grantToServer(connectionString, 'nobody"; --')).rejects.toMatchObject(refused)
  const owner = decodeURIComponent(new URL(connectionString).username)
  await expect(grantToServer(connectionString, owner)).rejects.toMatchObject(refused)
})
