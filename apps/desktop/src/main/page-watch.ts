import type { BrowserWindow } from 'electron'

import type { Log } from './log.ts'

/** How long a page may hang, after Chromium has noticed, before it is ended. */
const HANG_LIMIT_MS = 10_000
/** A load that another one replaced. */
const ERR_ABORTED = -3

export interface PageWatch {
  /** Nobody listens in it any more. */
  onGone(): void
  /** What follows, once Electron's own event is over. */
  recover(): void
  log: Log
}

/** Tells of a page that is gone, could not be loaded or hangs for good. */
export function watchPage(window: BrowserWindow, { onGone, recover, log }: PageWatch): void {
  const { webContents } = window
  const gone = (): void => {
    onGone()
    // Not within the event: the process that it tells of is still being taken apart.
    setImmediate(() => {
      if (!window.isDestroyed()) recover()
    })
  }
  webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return
    log.error('the page is gone', { reason, exitCode })
    gone()
  })
  webContents.on('did-fail-load', (_event, code, _description, _url, isMainFrame) => {
    if (!isMainFrame || code === ERR_ABORTED) return
    log.error('the page did not load', { code })
    gone()
  })
  webContents.on('preload-error', (_event, _path, error) => log.error('the preload failed', error))
  endHangs(window, log)
}

/** What becomes of a failed load is for `watchPage` to tell; here it is only not to go unseen. */
export function loadPage(window: BrowserWindow, url: string, log: Log): void {
  window.loadURL(url).catch((error: unknown) => {
    if (!window.isDestroyed()) log.error('the window did not load', error)
  })
}

/** A page that hangs for good is ended, and then loaded again as any that is gone. */
function endHangs(window: BrowserWindow, log: Log): void {
  let limit: NodeJS.Timeout | undefined
  window.on('unresponsive', () => {
    log.warn('the page does not respond')
    clearTimeout(limit)
    limit = setTimeout(() => {
      if (!window.isDestroyed()) window.webContents.forcefullyCrashRenderer()
    }, HANG_LIMIT_MS)
  })
  window.on('responsive', () => clearTimeout(limit))
  window.on('closed', () => clearTimeout(limit))
}
