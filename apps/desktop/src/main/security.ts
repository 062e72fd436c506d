import { app, session, type WebContents, type WebPreferences } from 'electron'

import { APP_ORIGIN, APP_SCHEME, ESCALATION_URL, START_URL, isPageOfOurs } from './app-identity.ts'
import { WEB_RTC_POLICY } from './dead-end.ts'
import { failurePageUrl } from './failure-page.ts'
import type { Log } from './log.ts'
import type { Spelling } from './spelling.ts'

const PAGES = [START_URL, ESCALATION_URL, failurePageUrl('es'), failurePageUrl('en')] as const

/** All that a page of ours may be given: the copying of text that the person asked for with a click. */
const ALLOWED_PERMISSIONS = new Set(['clipboard-sanitized-write'])

/** For every window. Electron's defaults said aloud, so that a change of them is not ours. */
export function secureWebPreferences(preload: string): WebPreferences {
  return {
    preload,
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    nodeIntegrationInWorker: false,
    webSecurity: true,
    webviewTag: false,
    safeDialogs: true,
    // Whether and in which languages is the session's business: see `Spelling`.
    spellcheck: true,
    devTools: !app.isPackaged,
  }
}

/** Before any window: what a session and every contents that will ever exist may do. */
export function restrictPages(spelling: Pick<Spelling, 'isOwnRequest'>, log: Log): void {
  restrictSession(spelling, log)
  app.on('web-contents-created', (_event, contents) => restrictContents(contents, log))
}

function restrictSession(spelling: Pick<Spelling, 'isOwnRequest'>, log: Log): void {
  const { defaultSession } = session
  defaultSession.setPermissionRequestHandler((_contents, permission, decide, { requestingUrl }) => {
    const allowed = isAllowed(permission, requestingUrl)
    if (!allowed) log.warn('a permission was denied', { permission })
    decide(allowed)
  })
  defaultSession.setPermissionCheckHandler((_contents, permission, origin) =>
    isAllowed(permission, origin),
  )
  defaultSession.setDevicePermissionHandler(() => false)
  // Nothing of ours is downloaded: what a page would leave on the disk, or start from there, is none of ours.
  defaultSession.on('will-download', (event) => {
    event.preventDefault()
    log.warn('a download was denied')
  })
  // The page has no network of its own; its CSP says so, and this is for what a CSP does not cover.
  defaultSession.webRequest.onBeforeRequest((request, decide) => {
    const cancel = !isLocalRequest(request.url) && !spelling.isOwnRequest(request)
    if (cancel) log.warn('a request was stopped', { scheme: new URL(request.url).protocol })
    decide({ cancel })
  })
}

function isAllowed(permission: string, url: string): boolean {
  const isOurs = url === APP_ORIGIN || url.startsWith(`${APP_ORIGIN}/`)
  return isOurs && ALLOWED_PERMISSIONS.has(permission)
}

export function isLocalRequest(url: string): boolean {
  const { protocol } = new URL(url)
  if (protocol === `${APP_SCHEME}:` || protocol === 'data:' || protocol === 'blob:') return true
  // The developer tools load themselves; packaged builds have none.
  return protocol === 'devtools:' && !app.isPackaged
}

function restrictContents(contents: WebContents, log: Log): void {
  contents.setWebRTCIPHandlingPolicy(WEB_RTC_POLICY)
  // Main's own loads are not asked about here: whoever asks is the page, and it only ever starts again.
  const stay = (event: { preventDefault(): void }, url: string): void => {
    if (isPageOfOurs(url, PAGES)) return
    event.preventDefault()
    log.warn('a navigation was denied')
  }
  contents.on('will-navigate', (event) => stay(event, event.url))
  contents.on('will-redirect', (event) => stay(event, event.url))
  contents.on('will-frame-navigate', (event) => {
    // A frame that our page did not make: there are none.
    if (!event.isMainFrame) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  // Links go to the system by the bridge, which asks for a person's gesture.
  contents.setWindowOpenHandler(() => {
    log.warn('a new window was denied')
    return { action: 'deny' }
  })
}
