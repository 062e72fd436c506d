import { resolve } from 'node:path'
import { restoreBackup } from '../restore.ts'
import { parseOptions, requireOption } from './parse-options.ts'
import { printLine, runCommand } from './run-command.ts'
import { withTargetDatabase } from './target-database.ts'

const USAGE = 'npm run restore -- --from FILE [--force] [--data-dir DIR]'

await runCommand(async () => {
  const options = parseOptions(
    { from: { type: 'string' }, force: { type: 'boolean' }, 'data-dir': { type: 'string' } },
    USAGE,
  )
  const file = resolve(requireOption(options.from, 'from', USAGE))
  await withTargetDatabase(options['data-dir'], true, async (connectionString) => {
    const { rows, tables, schemaVersion } = await restoreBackup({
      connectionString,
      file,
      force: options.force,
      onProgress: printLine,
    })
    printLine(
      `Restored ${rows} rows of ${tables} tables; the database is at schema ${schemaVersion}`,
    )
  })
})
