import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect } from '@playwright/test'
import { events, FIXTURE, launch, test } from './fixture-app.ts'

const ELECTRON = path.join(import.meta.dirname, '../dist/electron')
const PROFILES = path.join(os.tmpdir(), `parley-chromium-host-${os.userInfo().uid}`)

const profilesOf = (pid: number): string[] =>
  fs.readdirSync(PROFILES).filter((name) => name.startsWith(`profile-${pid}-`))

/** Processes with this host's profile on their command line: all of its Chromium. */
function chromiumOf(pid: number): number[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => commandLine(name).includes(`profile-${pid}-`))
    .map(Number)
}

function commandLine(pid: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return '' // it has ended since it was listed
  }
}

test('close and quit leave nothing behind', async ({ userData }) => {
  const app = await launch(userData)
  await app.firstWindow()
  const { pid, exited } = watch(app.process())
  expect(chromiumOf(pid).length).toBeGreaterThan(1)
  expect(profilesOf(pid)).toHaveLength(1)
  await app.close()
  expect(await exited).toBe(0)
  expect(chromiumOf(pid)).toEqual([])
  expect(profilesOf(pid)).toEqual([])
})

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  test(`${signal} quits in order`, async ({ userData }) => {
    const app = await launch(userData)
    await app.firstWindow()
    const { pid, exited } = watch(app.process())
    process.kill(pid, signal)
    expect(await exited).toBe(0)
    expect(chromiumOf(pid)).toEqual([])
    expect(profilesOf(pid)).toEqual([])
  })
}

test('killed hard, the host leaves no Chromium, and its profile goes with the next start', async ({
  userData,
}) => {
  const app = await launch(userData)
  await app.firstWindow()
  const { pid, exited } = watch(app.process())
  process.kill(pid, 'SIGKILL')
  await exited
  await expect.poll(() => chromiumOf(pid)).toEqual([])
  expect(profilesOf(pid)).toHaveLength(1)

  const next = await launch(userData)
  expect(profilesOf(pid)).toEqual([])
  await next.close()
})

test('without Chromium there is no host', async ({ userData }) => {
  const app = await launch(userData)
  await app.firstWindow()
  const { pid, exited } = watch(app.process())
  // The oldest is the browser process.
  process.kill(Math.min(...chromiumOf(pid)), 'SIGKILL')
  expect(await exited).toBe(1)
  await expect.poll(() => chromiumOf(pid)).toEqual([])
  expect(profilesOf(pid)).toEqual([])
})

test('a second instance hands its arguments over and ends', async ({
  electronApp,
  page,
  userData,
}) => {
  const args = [FIXTURE, `--user-data-dir=${userData}`, 'parley://conversation/42']
  const second = spawnSync(ELECTRON, args, { encoding: 'utf8', timeout: 15_000 })
  expect(second.status, second.stderr).toBe(0)
  await expect
    .poll(() => events(electronApp, 'second-instance'))
    .toEqual([
      ['second-instance', 'parley://conversation/42', process.cwd(), { hello: 'from the second' }],
    ])
  expect(page.isClosed()).toBe(false)
})

test('the lock is one per user data, and a dead owner does not keep it', async ({
  electronApp,
  page,
  userData,
}) => {
  const other = fs.mkdtempSync(path.join(os.tmpdir(), 'host-fixture-'))
  const elsewhere = await launch(other)
  await elsewhere.firstWindow()
  await elsewhere.close()

  const { pid, exited } = watch(electronApp.process())
  process.kill(pid, 'SIGKILL')
  await exited
  const heir = await launch(userData)
  await heir.firstWindow()
  expect(await heir.evaluate(({ app }) => app.hasSingleInstanceLock())).toBe(true)
  await heir.close()
  fs.rmSync(other, { recursive: true, force: true })
  expect(page.isClosed()).toBe(true)
})

test('`electron .` runs without a test runner, and an app that cannot load ends it', async ({
  userData,
}) => {
  const child = spawn(ELECTRON, ['.', `--user-data-dir=${userData}`], {
    cwd: FIXTURE,
    stdio: 'ignore',
  })
  const { pid, exited } = watch(child)
  await expect.poll(() => chromiumOf(pid).length, { timeout: 10_000 }).toBeGreaterThan(1)
  child.kill('SIGTERM')
  expect(await exited).toBe(0)

  const broken = path.join(userData, 'broken.mjs')
  fs.writeFileSync(broken, "import { nothingOfElectron } from 'electron';\n")
  const result = spawnSync(ELECTRON, [broken], { encoding: 'utf8', timeout: 15_000 })
  expect(result.status).toBe(1)
  expect(result.stderr).toContain('nothingOfElectron')
})

test('a Node that is too old is refused in one line', () => {
  const result = spawnSync(ELECTRON, ['.'], {
    encoding: 'utf8',
    env: { ...process.env, PARLEY_NODE: path.join(import.meta.dirname, 'old-node.sh') },
  })
  expect(result.status).toBe(1)
  expect(result.stderr.trim()).toBe(
    'chromium-host: Node 22.15 or newer is needed, this is v20.11.0; point PARLEY_NODE to one',
  )
})

function watch(child: {
  pid?: number | undefined
  once(event: 'exit', listener: (code: number | null) => void): unknown
}): { pid: number; exited: Promise<number | null> } {
  return { pid: child.pid as number, exited: new Promise((resolve) => child.once('exit', resolve)) }
}
