import { mkdtemp, rm, chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConnectionString } from './connect.ts'
import { startEmbeddedPostgres } from './embedded.ts'

/** The environment variable through which a test run's server reaches its workers. */
export const TEST_SERVER_VARIABLE = 'PARLEY_TEST_DATABASE_URL'

export type TestServer = {
  connectionString: string
  /** Stops the server and removes its folder; nothing for a server that was there before. */
  stop: () => Promise<void>
}

/**
 * The server that tests create their databases on: the one of PARLEY_TEST_DATABASE_URL (a user that may create
 * databases), else an embedded one of its own in a temporary folder, without fsync.
 */
export async function startTestServer(): Promise<TestServer> {
  const given = process.env[TEST_SERVER_VARIABLE]
  if (given !== undefined && given !== '') {
    return {
      connectionString: parseConnectionString(given, TEST_SERVER_VARIABLE),
      stop: async () => {},
    }
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-test-postgres-'))
  // PostgreSQL may have to run as another user than we do, and mkdtemp keeps everybody else out.
  await chmod(dataDir, 0o755)
  try {
    const server = await startEmbeddedPostgres({ dataDir, unsafeForTests: true })
    return {
      connectionString: server.connectionString,
      stop: async () => {
        await server.stop()
        await rm(dataDir, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await rm(dataDir, { recursive: true, force: true })
    throw error
  }
}
