import type { EventEmitter } from 'node:events'
import type { PausedRequest } from '../chromium/chromium.ts'
import { preventableEvent } from '../preventable-event.ts'
import { toAppUrl } from '../web/schemes.ts'
import { START_PAGE } from './start-page.ts'
import type { WebFrameMain } from './web-frame-main.ts'

interface Navigable extends EventEmitter {
  readonly mainFrame: WebFrameMain
}

/** A page's DevTools target id is also the id of its main frame. */
const navigables = new Map<string, Navigable>()
const startedByMain = new Set<string>()
const refused = new Set<string>()

export function watchNavigation(targetId: string, contents: Navigable): void {
  navigables.set(targetId, contents)
}

export function unwatchNavigation(targetId: string): void {
  navigables.delete(targetId)
  startedByMain.delete(targetId)
}

/** A navigation that main itself asks for is not announced to main. */
export async function navigateAsMain<T>(targetId: string, navigate: () => Promise<T>): Promise<T> {
  startedByMain.add(targetId)
  try {
    return await navigate()
  } finally {
    startedByMain.delete(targetId)
  }
}

/** For a window that is about to be closed unseen: it loads nothing until then. */
export function refuseNavigation(targetId: string): void {
  refused.add(targetId)
}

/** Asks the app about a main frame's navigation, as Electron does, with will-frame-navigate, will-navigate or will-redirect. */
export function mayNavigate({ frameId, request, redirectedRequestId }: PausedRequest): boolean {
  if (refused.has(frameId)) return false
  const contents = navigables.get(frameId)
  if (!contents || request.url.includes(START_PAGE)) return true
  const url = toAppUrl(request.url)
  const frame = contents.mainFrame
  const event = preventableEvent({
    url,
    isSameDocument: false,
    isMainFrame: true,
    frame,
    initiator: frame,
  })
  const rest = [url, false, true, frame.processId, frame.routingId] as const
  if (redirectedRequestId !== undefined) {
    contents.emit('will-redirect', event, ...rest)
  } else if (!startedByMain.has(frameId)) {
    contents.emit('will-frame-navigate', event)
    contents.emit('will-navigate', event, ...rest)
  }
  return !event.defaultPrevented
}
