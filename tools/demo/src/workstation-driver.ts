import { mkdir, rename } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

import { _electron, type ElectronApplication, type Page } from 'playwright-core'

import { DESKTOP } from './paths.ts'
import { killGroup, within } from './processes.ts'
import { workInbox } from './scripted-agent.ts'
import { firstLine } from './start-error.ts'
import { type DriverOptions, type FromDriver, type ToDriver } from './workstation-messages.ts'

/**
 * A process of its own that starts the workstation, signs in, and where nobody watches works in it. Of its
 * own because Playwright ends itself and everything it has started at the first Ctrl-C, and the demo wants
 * to end things in order.
 */

const SCREENSHOT_EVERY_MS = 2_000
const START_TIMEOUT_MS = 30_000
const SIGN_IN_TIMEOUT_MS = 30_000
const CLOSE_TIMEOUT_MS = 3_000

const stopping = new AbortController()
const options = JSON.parse(process.argv[2] ?? '') as DriverOptions

process.on('message', (message: ToDriver) => {
  if (message.type === 'stop') stopping.abort()
})
// The demo is gone, in whatever way: so are we.
process.on('disconnect', () => stopping.abort())
// It may have been while we were still being loaded.
if (!process.connected) stopping.abort()

try {
  await run()
} catch (error) {
  tell({ type: 'problem', problem: firstLine(error) })
  process.exitCode = 1
}
// Playwright keeps connections that would hold the process.
process.exit()

async function run(): Promise<void> {
  if (stopping.signal.aborted) return
  await mkdir(options.userData, { recursive: true })
  const stopped = new Promise<void>((resolve) =>
    stopping.signal.addEventListener('abort', () => resolve()),
  )
  const launching = _electron.launch({
    executablePath: options.executable,
    args: [...options.switches, DESKTOP, `--user-data-dir=${options.userData}`],
    cwd: DESKTOP,
    env: environment(),
  })
  const app = await Promise.race([launching, stopped])
  // Playwright kills what it was starting when we exit.
  if (app === undefined) return
  // Ours is the parent, who tells us by message.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.removeAllListeners(signal)
    process.on(signal, () => stopping.abort())
  }
  const { pid } = app.process()
  if (pid !== undefined) tell({ type: 'launched', pid })
  const closed = new Promise<void>((resolve) => app.once('close', () => resolve()))
  try {
    await Promise.race([closed, stopped, work(app)])
    if (!stopping.signal.aborted) tell({ type: 'closed' })
  } finally {
    stopping.abort()
    await within(
      app.close().catch(() => {}),
      CLOSE_TIMEOUT_MS,
    )
    if (pid !== undefined) killGroup(pid)
  }
}

/** Until the app is closed or we are stopped. */
async function work(app: ElectronApplication): Promise<void> {
  const page = await app.firstWindow()
  page.on('pageerror', (error) =>
    tell({ type: 'problem', problem: `the page failed: ${error.message}` }),
  )
  // From the start: a workstation that does not come up is seen, too.
  const pictures =
    options.screenshot === null
      ? new Promise<void>(() => {})
      : keepScreenshot(app, options.screenshot)
  // Before that, a page of the host's own may stand in the window.
  await page
    .locator('html[data-session]:not([data-session=starting])')
    .waitFor({ state: 'attached', timeout: START_TIMEOUT_MS })
    .catch((error: unknown) => {
      throw new Error(`the page did not start: ${firstLine(error)}`, { cause: error })
    })
  const signedIn = await signIn(page)
  tell({ type: 'ready', signedIn })
  const duties = [pictures]
  if (signedIn && options.screenshot !== null) {
    duties.push(
      workInbox(page, {
        seed: options.seed,
        stopped: stopping.signal,
        onProblem: (problem) => tell({ type: 'problem', problem }),
      }),
    )
  }
  await Promise.all(duties)
}

async function signIn(page: Page): Promise<boolean> {
  if (options.credentials === null) return false
  const session = page.locator('html')
  if ((await session.getAttribute('data-session')) === 'signed_in') return true
  const server = page.locator('input[name=server]')
  if ((await server.getAttribute('readonly')) === null) await server.fill(options.serverUrl)
  await page.locator('input[name=email]').fill(options.credentials.email)
  await page.locator('input[name=password]').fill(options.credentials.password)
  await page.locator('button[type=submit]').click()
  const done = page
    .locator('html[data-session=signed_in]')
    .waitFor({ state: 'attached', timeout: SIGN_IN_TIMEOUT_MS })
    .then(() => null)
  const refused = page.getByRole('alert').first().textContent({ timeout: SIGN_IN_TIMEOUT_MS })
  // One of the two happens, and the other then waits in vain.
  refused.catch(() => {})
  done.catch(() => {})
  const refusal = await Promise.race([done, refused])
  if (refusal !== null) throw new Error(`the sign-in was refused: ${refusal}`)
  return true
}

/** Replaced in one step: whoever looks sees a whole picture. */
async function keepScreenshot(app: ElectronApplication, file: string): Promise<void> {
  let first = true
  while (!stopping.signal.aborted) {
    try {
      // A renderer that crashed is a new page.
      const page = app.windows()[0]
      if (page !== undefined) {
        await page.screenshot({ path: `${file}.next.png`, animations: 'disabled', timeout: 10_000 })
        await rename(`${file}.next.png`, file)
        if (first) tell({ type: 'screenshot' })
        first = false
      }
    } catch (error) {
      if (!stopping.signal.aborted)
        tell({ type: 'problem', problem: `no screenshot: ${firstLine(error)}` })
    }
    await sleep(SCREENSHOT_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => {})
  }
}

function environment(): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return {
    ...Object.fromEntries(inherited),
    // A demo on a machine without a key store still keeps its data; a real installation would not.
    PARLEY_ALLOW_PLAIN_KEY_STORE: '1',
    PARLEY_HOST_HEADLESS: options.headed ? '0' : '1',
    PARLEY_NODE: process.execPath,
    PARLEY_ENDS_WITH_PARENT: String(process.pid),
  }
}

function tell(message: FromDriver): void {
  if (process.connected) process.send?.(message)
}
