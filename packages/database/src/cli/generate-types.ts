import { writeFile } from 'node:fs/promises'
import { generateTypes, TYPES_FILE } from '../generate-types.ts'
import { createTestDatabase, startTestServer } from '../testing.ts'
import { printLine, runCommand } from './run-command.ts'

// Always from a scratch database: what a developer's own database holds besides must not get into the types.
await runCommand(async () => {
  const server = await startTestServer()
  try {
    await using database = await createTestDatabase({ serverUrl: server.connectionString })
    await writeFile(TYPES_FILE, await generateTypes(database.pool))
    printLine(`Wrote ${TYPES_FILE}`)
  } finally {
    await server.stop()
  }
})
