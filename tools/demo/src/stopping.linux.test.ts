import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { ROOT } from './paths.ts'
import { startOfProcess } from './processes.ts'

/** The demo without its workstation, told to end in every way there is. `check-demo.ts` does it with one. */

const OVER_WITHIN_MS = 10_000

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-stopping-'))
  // Root's PostgreSQL runs as somebody else.
  chmodSync(folder, 0o755)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Started {
  npm: number
  /** Everything of it, npm and guards included: process ids with what tells them from later ones. */
  all: Map<number, string>
  idOf(command: RegExp): number
}

/** Started as a person does, in a group of its own like a terminal's foreground. */
async function start(): Promise<Started> {
  const args = ['start', '--', '--server-only', '--data-dir', folder, '--port', '0']
  const child: ChildProcess = spawn('npm', args, {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const ready = new Promise<void>((resolve, reject) => {
    const listen = (text: string): void => {
      said += text
      if (/customers write now and then/.test(said)) resolve()
    }
    child.stdout?.setEncoding('utf8').on('data', listen)
    child.stderr?.setEncoding('utf8').on('data', listen)
    child.once('exit', () => reject(new Error(`it ended at once:\n${said}`)))
  })
  await ready
  const npm = child.pid as number
  const all = new Map(familyOf(npm).map((pid) => [pid, startOfProcess(pid)] as [number, string]))
  return {
    npm,
    all,
    idOf(command) {
      const found = [...all.keys()].find((pid) => command.test(read(pid, 'cmdline')))
      if (found === undefined) throw new Error(`nothing runs ${command}`)
      return found
    },
  }
}

function familyOf(root: number): number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const stat = read(Number(name), 'stat')
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const collect = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(collect)]
  return collect(root)
}

function read(pid: number, what: string): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8')
  } catch {
    // It ended while we looked.
    return ''
  }
}

const START = /^[^\0]*node\0scripts\/start\.mjs/
const MAIN = /^[^\0]*node\0[^\0]*tools\/demo\/src\/main\.ts/

test.each<[string, (started: Started) => void]>([
  ['Ctrl-C in its terminal', ({ npm }) => process.kill(-npm, 'SIGINT')],
  ['its terminal closed', ({ npm }) => process.kill(-npm, 'SIGHUP')],
  ['SIGTERM to npm alone', ({ npm }) => process.kill(npm, 'SIGTERM')],
  ['npm killed', ({ npm }) => process.kill(npm, 'SIGKILL')],
  ['SIGTERM to the process itself', ({ idOf }) => process.kill(idOf(START), 'SIGTERM')],
  ['the process itself killed', ({ idOf }) => process.kill(idOf(START), 'SIGKILL')],
  ['what holds it all together killed', ({ idOf }) => process.kill(idOf(MAIN), 'SIGKILL')],
  ['all of its group killed at once', ({ npm }) => process.kill(-npm, 'SIGKILL')],
])('%s: nothing of it runs ten seconds later', { timeout: 120_000 }, async (_way, end) => {
  const started = await start()
  // npm, its shell, we, the demo, the database with its own, the server and the two guards.
  expect(started.all.size).toBeGreaterThan(8)
  end(started)
  const living = (): string[] =>
    [...started.all]
      .filter(([pid, startedAt]) => startOfProcess(pid) === startedAt)
      .map(([pid]) => read(pid, 'cmdline'))
  const deadline = performance.now() + OVER_WITHIN_MS
  while (living().length > 0 && performance.now() < deadline) await sleep(100)
  expect(living()).toEqual([])
})
