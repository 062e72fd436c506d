import { parseConnectionString } from '../connect.ts'
import { migrate } from '../migrate.ts'
import { parseOptions } from './parse-options.ts'
import { printLine, runCommand } from './run-command.ts'

await runCommand(async () => {
  parseOptions({}, 'DATABASE_URL=postgres://… npm run migrate')
  const connectionString = parseConnectionString(process.env['DATABASE_URL'])
  const { applied, schemaVersion } = await migrate(connectionString, { onProgress: printLine })
  const what = applied.length === 0 ? 'Nothing to do' : `Applied ${applied.length}`
  printLine(`${what}: the database is at schema ${schemaVersion}`)
})
