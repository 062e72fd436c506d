import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { AuditFilter, BridgeResult, EngineMethod } from '@parley/contracts'
import { beforeEach, describe, expect, it, vi } from 'vitest'

vi.mock('electron', () => import('./electron.fake.ts'))

import { AuditExport } from './audit-export.ts'
import { dialog } from './electron.fake.ts'
import { recordLog } from './log.fake.ts'
import { temporaryFolder } from './temporary-folder.fake.ts'

const FILTER: AuditFilter = {
  actorId: null,
  actorKind: null,
  targetId: null,
  actions: [],
  from: null,
  to: null,
  text: null,
}
let file = ''
let asked: [EngineMethod, unknown][] = []
let progress: number[] = []

/** @param pages what the server has; a page that is a refusal is one */
function exporting(pages: BridgeResult<unknown>[], onPage: (n: number) => void = () => {}) {
  let given = 0
  return new AuditExport({
    askEngine: async (method, input) => {
      asked.push([method, input])
      if (method === 'audit.beginExport') return { ok: true, value: null }
      const page = pages[given++] as BridgeResult<unknown>
      onPage(given)
      return page
    },
    onProgress: (entries) => void progress.push(entries),
    fileName: () => 'parley.ndjson',
    log: recordLog(),
  })
}
const page = (lines: string[], next: number | null): BridgeResult<unknown> => ({
  ok: true,
  value: { lines, next },
})
const refusal: BridgeResult<unknown> = {
  ok: false,
  error: { code: 'server_unreachable', details: {} },
}

beforeEach(() => {
  file = join(temporaryFolder(), 'log.ndjson')
  dialog.saveTo = file
  asked = []
  progress = []
})

describe('an export of the audit log', () => {
  it('is written page by page to the file that its person chose, for them alone', async () => {
    const exported = await exporting([page(['one', 'two'], 7), page(['three'], null)]).start(FILTER)
    expect(exported).toEqual({ outcome: 'written', entries: 3, file: 'log.ndjson' })
    expect(readFileSync(file, 'utf8')).toBe('one\ntwo\nthree\n')
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(existsSync(`${file}.part`)).toBe(false)
    expect(progress).toEqual([2, 3])
    expect(asked.map(([method]) => method)).toEqual([
      'audit.beginExport',
      'audit.exportPage',
      'audit.exportPage',
    ])
    expect(asked[2]?.[1]).toMatchObject({ before: 7 })
  })

  it('takes the place of a file that others could read', async () => {
    writeFileSync(file, 'old')
    writeFileSync(`${file}.part`, 'left by a crash')
    chmodSync(`${file}.part`, 0o644)
    await exporting([page(['new'], null)]).start(FILTER)
    expect(readFileSync(file, 'utf8')).toBe('new\n')
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('asks the server for nothing where no file was chosen', async () => {
    dialog.saveTo = ''
    expect(await exporting([]).start(FILTER)).toEqual({ outcome: 'left' })
    expect(asked).toEqual([])
  })

  it('leaves nothing behind, and what was there, when it is stopped or fails', async () => {
    writeFileSync(file, 'old')
    const stopped = exporting(
      [page(['one'], 7), page(['two'], 6)],
      (n) => n === 2 && stopped.stop(),
    )
    expect(await stopped.start(FILTER)).toEqual({ outcome: 'left' })
    expect(await exporting([page(['one'], 7), refusal]).start(FILTER)).toMatchObject({
      outcome: 'failed',
      error: { code: 'server_unreachable' },
    })
    expect(readFileSync(file, 'utf8')).toBe('old')
    expect(existsSync(`${file}.part`)).toBe(false)
  })

  it('says that it could not be written', async () => {
    dialog.saveTo = join(file, 'of-no-folder', 'log.ndjson')
    expect(await exporting([page(['one'], null)]).start(FILTER)).toEqual({
      outcome: 'failed',
      error: { code: 'not_kept', details: { reason: 'io' } },
    })
  })

  it('is one at a time', async () => {
    const slow = exporting([page(['one'], null)])
    const first = slow.start(FILTER)
    expect(await slow.start(FILTER)).toMatchObject({ error: { code: 'conflict' } })
    expect(await first).toMatchObject({ outcome: 'written' })
  })
})
