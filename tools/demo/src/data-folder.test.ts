import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { endLeftovers, openDataFolder } from './data-folder.ts'
import { startOfProcess } from './processes.ts'
import { StartError } from './start-error.ts'

let folder: string
const quiet = { reset: false, onProgress: () => {} }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-data-folder-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('the data folder', () => {
  it('keeps its secret key from one start to the next', async () => {
    const first = await openDataFolder(join(folder, 'new'), quiet)
    await first.release()
    const second = await openDataFolder(join(folder, 'new'), quiet)
    expect(second.secretKey).toBe(first.secretKey)
    expect(Buffer.from(second.secretKey, 'base64')).toHaveLength(32)
    await second.release()
  })

  it('refuses a file, a damaged key and a folder in use, in one line each', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(openDataFolder(join(folder, 'file'), quiet)).rejects.toThrow(StartError)
    await mkdir(join(folder, 'damaged'))
    await writeFile(join(folder, 'damaged', 'secret.key'), 'abc')
    await expect(openDataFolder(join(folder, 'damaged'), quiet)).rejects.toThrow(/is damaged/)
    await openDataFolder(join(folder, 'used'), quiet)
    await expect(endLeftovers(join(folder, 'used'), () => {})).rejects.toThrow(/already running/)
    expect(await endLeftovers(join(folder, 'nothing'), () => {})).toBe(false)
  })

  it('deletes what is ours at a reset, and nothing else', async () => {
    for (const name of ['secret.key', 'server.log', 'holiday.jpg'])
      await writeFile(join(folder, name), 'x')
    await mkdir(join(folder, 'postgres'))
    const open = await openDataFolder(folder, { ...quiet, reset: true })
    expect(existsSync(join(folder, 'postgres'))).toBe(false)
    expect(existsSync(join(folder, 'holiday.jpg'))).toBe(true)
    expect(await readFile(join(folder, 'secret.key'), 'utf8')).not.toBe('x')
    await open.release()
  })

  it.runIf(process.platform === 'linux')(
    'ends what a killed demo has left running, and no stranger with its number',
    async () => {
      const leftover = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
      const stranger = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
      const ended = new Promise((resolve) => leftover.once('exit', (_, signal) => resolve(signal)))
      await writeFile(
        join(folder, 'running.json'),
        JSON.stringify({
          owner: { pid: 999_999_999, startedAt: '1' },
          processes: [
            { pid: leftover.pid, startedAt: startOfProcess(leftover.pid as number) },
            { pid: stranger.pid, startedAt: '1' },
          ],
        }),
      )
      expect(await endLeftovers(folder, () => {})).toBe(true)
      expect(await ended).toBe('SIGKILL')
      expect(stranger.exitCode ?? stranger.signalCode).toBeNull()
      stranger.kill()
    },
  )
})
