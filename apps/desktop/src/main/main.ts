import { join, resolve } from 'node:path'

import { app, dialog } from 'electron'

import { APP_ID } from './app-identity.ts'
import { leadNowhere } from './dead-end.ts'
import { LINK_SCHEME, deepLinkAmong, readDeepLink, type DeepLink } from './deep-link.ts'
import { openLog, type Log } from './log.ts'
import { keepFilesPrivate } from './private-files.ts'
import { registerAppScheme, serveRenderer } from './protocol.ts'
import { restrictPages } from './security.ts'
import { Spelling, keepFromForeignDictionaries } from './spelling.ts'
import { Workstation } from './workstation.ts'

/**
 * The app's beginning and end. No top-level await: Electron is ready only after this module has been evaluated.
 */

useOtherUserData()
keepFilesPrivate(app.getPath('userData'))
const log = openLog(app.getPath('userData'), { toConsole: !app.isPackaged })
logFailures(log)
registerAppScheme()
keepFromForeignDictionaries()
leadNowhere()

if (app.requestSingleInstanceLock()) run()
else app.quit()

function run(): void {
  app.setAppUserModelId(APP_ID)
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME)
  let workstation: Workstation | null = null
  let linked = deepLinkAmong(process.argv)

  const open = (link: DeepLink | null): void => {
    if (workstation === null) linked = link ?? linked
    else if (link === null) workstation.show()
    else workstation.openLink(link)
  }
  app.on('second-instance', (_event, argv) => open(deepLinkAmong(argv)))
  app.on('open-url', (event, url) => {
    event.preventDefault()
    open(readDeepLink(url))
  })
  app.on('activate', () => open(null))
  // macOS keeps an app without windows; elsewhere the last window was the way out of it.
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  // Chromium starts its helpers again by itself; a machine where they die often should be known.
  app.on('child-process-gone', (_event, { type, reason, exitCode }) =>
    log.warn('a process of Chromium ended', { type, reason, exitCode }),
  )
  stopBeforeQuitting(() => workstation)

  const begin = async (): Promise<void> => {
    await app.whenReady()
    log.info('Parley starts', { version: app.getVersion(), electron: process.versions.electron })
    const spelling = new Spelling(process.platform, log)
    restrictPages(spelling, log)
    serveRenderer(join(import.meta.dirname, '../renderer'), log)
    workstation = await Workstation.start(
      {
        userData: app.getPath('userData'),
        preload: join(import.meta.dirname, '../preload/preload.cjs'),
        engine: join(import.meta.dirname, '../engine/worker.js'),
      },
      spelling,
      log,
    )
    if (linked !== null) workstation.openLink(linked)
  }
  begin().catch((error: unknown) => fail('Parley cannot start', error))
}

/** The engine closes its cache first; then the app quits for good. */
function stopBeforeQuitting(current: () => Workstation | null): void {
  let isStopped = false
  app.on('will-quit', (event) => {
    const workstation = current()
    if (isStopped || workstation === null) return
    event.preventDefault()
    workstation
      .stop()
      .catch((error: unknown) => log.error('the engine could not be stopped', error))
      .finally(() => {
        isStopped = true
        app.quit()
      })
  })
}

/** For tests and demonstrations. A packaged build keeps to the person's own folder, or to Electron's own switch. */
function useOtherUserData(): void {
  const folder = process.env['PARLEY_USER_DATA']
  if (folder !== undefined && !app.isPackaged) app.setPath('userData', resolve(folder))
}

function logFailures(to: Log): void {
  process.on('unhandledRejection', (reason) => to.error('a rejection was not handled', reason))
  // Nobody knows what state main is in now. The cache does not mind: its last transaction is on the disk.
  process.on('uncaughtException', (error) => fail('Parley failed', error))
}

function fail(what: string, error: unknown): void {
  log.error(what, error)
  dialog.showErrorBox(
    'Parley',
    `${what}: ${error instanceof Error ? error.message : String(error)}`,
  )
  app.exit(1)
}
