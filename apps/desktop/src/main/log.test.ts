import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { temporaryFolder } from './temporary-folder.fake.ts'

test('a terminal that is gone is not written to for ever', async () => {
  const userData = temporaryFolder()
  const program = `
    import { openLog } from ${JSON.stringify(join(import.meta.dirname, 'log.ts'))}
    const log = openLog(process.argv[1], { toConsole: true })
    let failures = 0
    process.on('uncaughtException', (error) => {
      failures++
      log.error('failed', { code: error.code, failures })
    })
    const write = (lines) => {
      log.info('to nobody')
      if (lines > 0) return setImmediate(write, lines - 1)
      log.info('still here')
      process.exit(failures === 0 ? 0 : 9)
    }
    process.stdin.once('data', () => write(100))`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program, userData])
  child.stdout.destroy()
  child.stderr.destroy()
  await Promise.all([once(child.stdout, 'close'), once(child.stderr, 'close')])
  child.stdin.write('now\n')
  const [code] = (await once(child, 'exit')) as [number | null]
  expect(code).toBe(0)
  expect(readFileSync(join(userData, 'logs/main.log'), 'utf8')).toContain('still here')
})
