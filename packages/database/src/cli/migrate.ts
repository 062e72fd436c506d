import { parseConnectionString } from '../connect.ts'
import { migrate } from '../migrate.ts'
import { grantToServer } from '../server-role.ts'
import { parseOptions } from './parse-options.ts'
import { printLine, runCommand } from './run-command.ts'

await runCommand(async () => {
  const { 'server-role': role } = parseOptions(
    { 'server-role': { type: 'string' } },
    'DATABASE_URL=postgres://… npm run migrate [-- --server-role ROLE]',
  )
  const connectionString = parseConnectionString(process.env['DATABASE_URL'])
  const { applied, schemaVersion } = await migrate(connectionString, { onProgress: printLine })
  const what = applied.length === 0 ? 'Nothing to do' : `Applied ${applied.length}`
  printLine(`${what}: the database is at schema ${schemaVersion}`)
  if (role === undefined) return
  await grantToServer(connectionString, role)
  printLine(`${role} may do what the server does, and nothing else`)
})
