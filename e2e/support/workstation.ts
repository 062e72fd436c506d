import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

import { _electron, type ElectronApplication, type Page } from '@playwright/test'

export const ROOT = join(import.meta.dirname, '../..')
export const DESKTOP = join(ROOT, 'apps/desktop')
const STAND_IN = join(ROOT, 'tools/chromium-host/dist')

export interface LaunchOptions {
  /** Electron's user data; a folder of its own for each person and machine that a test plays. */
  userData: string
  /** Fixed as IT would fix it; without one the workstation asks. */
  serverUrl?: string
  env?: Record<string, string>
  /** With windows; needs a display. */
  headed?: boolean
  args?: string[]
  /** Another app than the built one: what a package holds, for one. */
  app?: string
}

export interface RunningWorkstation {
  app: ElectronApplication
  page: Page
  /** Errors of the page's console and uncaught ones, from its first line on. */
  problems: string[]
  /** Quits as a person does, and waits until the process is gone. */
  close(): Promise<void>
}

/**
 * Starts the built workstation, on Electron where its binary is installed and else on the stand-in. Resolves when
 * it knows whether somebody is signed in.
 */
export async function launchWorkstation(options: LaunchOptions): Promise<RunningWorkstation> {
  if (options.app === undefined) buildIfNeeded()
  const host = chooseHost()
  const app = await _electron.launch({
    executablePath: host.executable,
    args: appArguments(host, options),
    cwd: options.app ?? DESKTOP,
    env: environment(options),
  })
  const problems: string[] = []
  const watch = (page: Page): void => {
    page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`))
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text())
    })
  }
  app.windows().forEach(watch)
  app.on('window', watch)
  const page = await mainWindow(app)
  // Before that, a page of the host's own may stand in the window, which the app's replaces.
  await page.locator('html[data-session]:not([data-session=starting])').waitFor()
  return { app, page, problems, close: () => app.close() }
}

/** Not the small one of escalations, which may be there, too. */
async function mainWindow(app: ElectronApplication): Promise<Page> {
  const first = await app.firstWindow()
  if (!isSmallWindow(first)) return first
  return app.waitForEvent('window', { predicate: (page) => !isSmallWindow(page) })
}

export function isSmallWindow(page: Page): boolean {
  return page.url().includes('escalation.html')
}

/** The command that starts the workstation outside of Playwright, for a second start of it. */
export function workstationCommand(options: LaunchOptions): {
  command: string
  args: string[]
  env: Record<string, string>
} {
  const host = chooseHost()
  return { command: host.executable, args: appArguments(host, options), env: environment(options) }
}

function appArguments(host: Host, { app = DESKTOP, userData, args = [] }: LaunchOptions): string[] {
  return [...host.switches, app, `--user-data-dir=${userData}`, ...args]
}

function environment({ userData, serverUrl, env, headed }: LaunchOptions): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return {
    ...Object.fromEntries(inherited),
    // The machine's own policy and language are no business of a test.
    PARLEY_POLICY_FILE: join(userData, 'no-policy.json'),
    LC_ALL: 'es_MX.UTF-8',
    PARLEY_ALLOW_PLAIN_KEY_STORE: '1',
    PARLEY_HOST_HEADLESS: headed === true ? '0' : '1',
    PARLEY_HOST_RECORD_ONLY: '1',
    ...(serverUrl === undefined ? {} : { PARLEY_SERVER_URL: serverUrl }),
    ...env,
  }
}

/** Does it need no display? Electron does. */
export function isHeadless(): boolean {
  return chooseHost().isHeadless
}

interface Host {
  name: string
  executable: string
  switches: string[]
  isHeadless: boolean
}

let host: Host | undefined

function chooseHost(): Host {
  if (host !== undefined) return host
  const electron = installedElectron()
  // Chromium's sandbox refuses to run as root, which is what containers run tests as.
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0
  host =
    electron === null
      ? {
          name: 'the stand-in (tools/chromium-host)',
          executable: join(STAND_IN, 'electron'),
          switches: [],
          isHeadless: true,
        }
      : {
          name: `Electron (${electron})`,
          executable: electron,
          switches: isRoot ? ['--no-sandbox'] : [],
          isHeadless: false,
        }
  console.log(`workstation: on ${host.name}`)
  return host
}

/** Asked of the files and not of the package, which would go and download what is missing. */
function installedElectron(): string | null {
  const require = createRequire(join(DESKTOP, 'package.json'))
  const folder = dirname(require.resolve('electron/package.json'))
  const pathFile = join(folder, 'path.txt')
  if (!existsSync(pathFile)) return null
  const executable = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim())
  return existsSync(executable) ? executable : null
}

const SOURCES = [
  'apps/desktop/src',
  'apps/desktop/build.ts',
  'apps/desktop/vite.renderer.config.ts',
  'packages/contracts/src',
  'packages/domain/src',
]
const OUTPUTS = ['main/main.js', 'engine/worker.js', 'preload/preload.cjs', 'renderer/index.html']
let isBuilt = false

/** Once a run, and only if a source is newer than what was built of it. */
export function buildIfNeeded(): void {
  if (isBuilt) return
  isBuilt = true
  const outputs = OUTPUTS.map((file) => join(DESKTOP, 'out', file))
  const isThere = outputs.every((file) => existsSync(file))
  const built = isThere ? Math.min(...outputs.map((file) => statSync(file).mtimeMs)) : 0
  if (SOURCES.every((source) => newest(join(ROOT, source)) < built)) return
  console.log('workstation: building, because a source is newer than the build')
  const { status } = spawnSync(process.execPath, ['build.ts'], { cwd: DESKTOP, stdio: 'inherit' })
  if (status !== 0) throw new Error(`the desktop's build failed with exit code ${status}`)
}

function newest(path: string): number {
  const entry = statSync(path)
  if (!entry.isDirectory()) return entry.mtimeMs
  return Math.max(
    0,
    ...readdirSync(path)
      .filter((name) => !/\.test\.tsx?$/.test(name))
      .map((name) => newest(join(path, name))),
  )
}
