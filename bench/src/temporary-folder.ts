import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ENDED_BY_PERSON = 130

/** A folder that is gone when this process is, also when somebody ends it. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `parley-${name}-`))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    if (process.listenerCount(signal) === 0)
      process.once(signal, () => process.exit(ENDED_BY_PERSON))
  }
  return folder
}
