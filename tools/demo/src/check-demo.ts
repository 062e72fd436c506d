/**
 * Starts the demo as a person would, unseen and in a folder of its own, and looks: the story reaches "read",
 * there is a picture, Ctrl-C leaves no process, the next start has the same data, failures are one line.
 * By hand: `node tools/demo/src/check-demo.ts`; takes about two minutes.
 */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { ROOT } from './paths.ts'

const folder = mkdtempSync(join(tmpdir(), 'parley-check-'))
const data = join(folder, 'data')
const port = String(await freePort())
// Root's PostgreSQL runs as somebody else, who would be given another folder if this one were closed to them.
chmodSync(folder, 0o755)

const running = new Set<ChildProcess>()

try {
  await firstStart()
  await secondStart()
  await failures()
  say('All is well')
} finally {
  // After a failed check something may still run; it ends in order.
  for (const child of running) child.kill('SIGTERM')
  await Promise.all(
    [...running].map((child) => new Promise((resolve) => child.once('close', resolve))),
  )
  rmSync(folder, { recursive: true, force: true })
}

async function firstStart(): Promise<void> {
  const demo = start(
    '--headless',
    '--data-dir',
    data,
    '--port',
    port,
    '--rate',
    '2',
    '--customers',
    '40',
  )
  await demo.says(/Created the demo: 13 people/, 120_000)
  await demo.says(/signed in as mariana/, 240_000)
  await demo.says(/assigned to Mariana Solís.*→ read/, 90_000)
  say(demo.lines.findLast((line) => /Mariana.*→ read/.test(line)) ?? '')
  const picture = join(data, 'workstation.png')
  const shownAt = statSync(picture).mtimeMs
  await sleep(5_000)
  assert.ok(statSync(picture).mtimeMs > shownAt, 'the picture is renewed')
  assert.equal(readFileSync(picture).subarray(1, 4).toString(), 'PNG')
  const kept = join(tmpdir(), 'parley-check.png')
  copyFileSync(picture, kept)
  say(`The picture is kept as ${kept}`)

  const twice = start('--server-only', '--data-dir', data, '--port', String(await freePort()))
  assert.deepEqual(await twice.fails(), [
    `Parley is already running on ${data} (process ${demoPid()}): stop it, or choose another --data-dir`,
  ])
  await demo.endsWell()
}

async function secondStart(): Promise<void> {
  const demo = start('--headless', '--data-dir', data, '--port', port)
  await demo.says(/Going on with 13 people and (4[89]|[5-9]\d) conversations/, 30_000)
  await demo.says(/signed in as mariana/, 60_000)
  await demo.endsWell()
}

async function failures(): Promise<void> {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(Number(port), '127.0.0.1', resolve))
  const used = await start('--server-only', '--data-dir', data, '--port', port).fails()
  assert.deepEqual(used, [
    `Port ${port} is in use: stop what uses it, or choose another with --port`,
  ])
  other.close()

  const file = join(folder, 'file')
  writeFileSync(file, '')
  assert.equal((await start('--data-dir', file, '--port', '0').fails()).length, 1)

  writeFileSync(join(data, 'postgres', 'cluster', 'PG_VERSION'), 'rubbish\n')
  const broken = await start('--server-only', '--data-dir', data, '--port', '0').fails()
  assert.equal(broken.length, 1, broken.join('\n'))
  say(broken[0] ?? '')

  assert.equal(
    (
      await start('--headed', '--data-dir', data, '--port', '0').fails({
        DISPLAY: '',
        WAYLAND_DISPLAY: '',
      })
    ).length,
    1,
  )
  assert.equal((await start('--port', 'ninety').fails()).length, 1)
}

interface Demo {
  lines: string[]
  says(pattern: RegExp, timeoutMs: number): Promise<void>
  endsWell(): Promise<void>
  fails(env?: NodeJS.ProcessEnv): Promise<string[]>
}

function start(...args: string[]): Demo {
  const lines: string[] = []
  let child: ChildProcess | null = null
  let over: Promise<number | null> | null = null

  function run(env: NodeJS.ProcessEnv = {}): Promise<number | null> {
    if (over !== null) return over
    const started = spawn(process.execPath, [join(ROOT, 'scripts/start.mjs'), ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = started
    running.add(started)
    started.once('close', () => running.delete(started))
    for (const stream of [started.stdout, started.stderr]) {
      let rest = ''
      stream.setEncoding('utf8').on('data', (text: string) => {
        const pieces = (rest + text).split('\n')
        rest = pieces.pop() ?? ''
        lines.push(...pieces)
      })
    }
    return (over = new Promise((resolve) => started.once('close', resolve)))
  }

  return {
    lines,
    async says(pattern, timeoutMs) {
      void run()
      const deadline = Date.now() + timeoutMs
      while (!lines.some((line) => pattern.test(line))) {
        if (Date.now() > deadline || child?.exitCode !== null)
          throw new Error(`it never said ${pattern}:\n${lines.join('\n')}`)
        await sleep(100)
      }
    },
    async endsWell() {
      const began = Date.now()
      child?.kill('SIGINT')
      const code = await over
      assert.equal(code, 0, lines.join('\n'))
      assert.ok(Date.now() - began < 10_000, 'it ends in time')
      assert.deepEqual(await processesOf(folder), [])
      say(`Ended after ${Date.now() - began} ms, and no process is left`)
    },
    async fails(env = {}) {
      const code = await run(env)
      assert.equal(code, 1, lines.join('\n'))
      return lines
    },
  }
}

/** Whoever has the folder in its command line or its environment. */
async function processesOf(text: string): Promise<string[]> {
  // A process that has just been waited for may still be listed.
  await sleep(200)
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8')
        return (command + environment).includes(text) ? [command.replaceAll('\0', ' ')] : []
      } catch {
        // It ended while we looked.
        return []
      }
    })
}

function demoPid(): number {
  return (
    JSON.parse(readFileSync(join(data, 'running.json'), 'utf8')) as { owner: { pid: number } }
  ).owner.pid
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port: free } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return free
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
