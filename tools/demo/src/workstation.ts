import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'

import { buildDesktop } from './desktop-build.ts'
import { chooseHost, ensureSystemPackages } from './electron-binary.ts'
import { endGroup, holdGroup, startProcess, type OwnProcess } from './processes.ts'
import { startVirtualDisplay } from './virtual-display.ts'
import { type DriverOptions, type FromDriver } from './workstation-messages.ts'

/** Time for the app to close its cache; the driver insists before that. */
const GRACE_MS = 4_000

export interface Workstation {
  hostName: string
  /** Resolves when it is gone, by the person or by us. */
  ended: OwnProcess['ended']
  stop(): Promise<void>
}

export interface WorkstationOptions {
  userData: string
  serverUrl: string
  credentials: DriverOptions['credentials']
  /** Where its picture is kept if there is no window to look at; null: a window. */
  screenshot: string | null
  seed: string
  onProgress: (line: string) => void
  /** Every process that it starts, for the note on disk. */
  onStarted: (pid: number) => Promise<void>
  onMessage: (message: FromDriver) => void
  /** Gives up what is under way. */
  stopped: AbortSignal
  /** Where the app's own words go. */
  logFile: string
}

/**
 * Builds what is to be built, finds what it can run on, and starts it.
 * @throws StartError
 */
export async function startWorkstation(options: WorkstationOptions): Promise<Workstation> {
  const { onProgress, screenshot } = options
  await buildDesktop(onProgress, options.stopped)
  const host = await chooseHost(onProgress, options.stopped)
  const needsDisplay =
    screenshot !== null && host.kind === 'electron' && process.platform === 'linux'
  await ensureSystemPackages([
    ...(host.kind === 'stand_in' ? ['chromium' as const] : []),
    ...(needsDisplay ? ['xvfb' as const] : []),
  ])
  options.stopped.throwIfAborted()
  const display = needsDisplay ? await startVirtualDisplay() : null
  if (display !== null) await options.onStarted(display.process.pid)

  const driverOptions: DriverOptions = {
    executable: host.executable,
    switches: host.switches,
    userData: options.userData,
    serverUrl: options.serverUrl,
    credentials: options.credentials,
    screenshot,
    headed: screenshot === null,
    seed: options.seed,
  }
  const log = openSync(options.logFile, 'a', 0o600)
  const driver = await startProcess({
    name: 'the workstation',
    command: process.execPath,
    args: [join(import.meta.dirname, 'workstation-driver.ts'), JSON.stringify(driverOptions)],
    graceMs: GRACE_MS,
    askToEnd: (child) => {
      if (child.connected) child.send({ type: 'stop' })
      else child.kill('SIGTERM')
    },
    spawn: {
      env: display === null ? process.env : { ...process.env, DISPLAY: display.display },
      stdio: ['ignore', log, log, 'ipc'],
    },
  }).finally(() => closeSync(log))
  await options.onStarted(driver.pid)
  const groups = listen(driver, options)
  return {
    hostName: host.name,
    ended: driver.ended,
    async stop() {
      await driver.stop()
      // The app has a group of its own, which a driver that had to be killed could not end.
      for (const pid of groups) endGroup(pid)
      await display?.process.stop()
    },
  }
}

function listen(driver: OwnProcess, options: WorkstationOptions): number[] {
  const groups: number[] = []
  driver.child.on('message', (message: FromDriver) => {
    if (message.type === 'launched') {
      groups.push(message.pid)
      holdGroup(message.pid)
      options.onStarted(message.pid).catch((error: unknown) => options.onProgress(String(error)))
    }
    options.onMessage(message)
  })
  return groups
}
