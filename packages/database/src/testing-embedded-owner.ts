import { startEmbeddedPostgres } from './embedded.ts'

// A Parley for embedded.pg.test.ts to kill: starts the database of the folder and stays until it is ended.
const server = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '' })
process.stdout.write(
  `${JSON.stringify({ pid: server.pid, connectionString: server.connectionString })}\n`,
)
setInterval(() => {}, 60_000)
