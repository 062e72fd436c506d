import { randomBytes } from 'node:crypto'
import { dropTestDatabases } from './testing.ts'
import { startTestServer, TEST_SERVER_VARIABLE } from './testing-server.ts'

/**
 * Vitest's globalSetup for `*.pg.test.ts`: one server for the whole run, which the workers find in their
 * environment. Returns the teardown.
 */
export default async function setUpTestServer(): Promise<() => Promise<void>> {
  const given = process.env[TEST_SERVER_VARIABLE]
  const server = await startTestServer()
  process.env[TEST_SERVER_VARIABLE] = server.connectionString
  process.env['PARLEY_TEST_RUN'] = randomBytes(4).toString('hex')
  return async () => {
    await dropTestDatabases(server.connectionString)
    await server.stop()
    if (given === undefined) delete process.env[TEST_SERVER_VARIABLE]
    delete process.env['PARLEY_TEST_RUN']
  }
}
