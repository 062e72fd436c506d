import { resolve } from 'node:path'
import { createBackup } from '../backup.ts'
import { parseOptions, requireOption } from './parse-options.ts'
import { printLine, runCommand } from './run-command.ts'
import { withTargetDatabase } from './target-database.ts'

const USAGE = 'npm run backup -- --to FILE [--data-dir DIR]'

await runCommand(async () => {
  const options = parseOptions({ to: { type: 'string' }, 'data-dir': { type: 'string' } }, USAGE)
  const file = resolve(requireOption(options.to, 'to', USAGE))
  await withTargetDatabase(options['data-dir'], false, async (connectionString) => {
    const { rows, tables } = await createBackup({ connectionString, file, onProgress: printLine })
    printLine(`Wrote ${rows} rows of ${tables} tables to ${file}`)
  })
})
