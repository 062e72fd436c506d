import { type AttachedPage, chromium } from '../chromium/chromium.ts'
import { report } from '../environment.ts'
import { BrowserWindow } from './browser-window.ts'
import { refuseNavigation } from './navigation.ts'
import { takeOpenRequest } from './open-requests.ts'
import { internals, WebContents } from './web-contents.ts'

/** A window that main did not ask for: the opener's handler decides, and without an opener there is none in Electron either. */
export function decideOnWindow(attached: AttachedPage): void {
  const { info } = attached
  const request = takeOpenRequest()
  const opener =
    (info.openerId && WebContents.fromDevToolsTargetId(info.openerId)) || request?.opener
  if (!opener) return closeAgain(attached)

  const {
    url = info.url,
    frameName = '',
    features = '',
    disposition = 'foreground-tab',
  } = request ?? {}
  const details: Electron.HandlerDetails = {
    url,
    frameName,
    features,
    disposition,
    referrer: { url: opener.getURL(), policy: 'default' },
  }
  const answer = opener[internals].openHandler?.(details) ?? { action: 'allow' }
  if (answer.action === 'deny') return closeAgain(attached)

  const window = new BrowserWindow(answer.overrideBrowserWindowOptions, attached)
  opener.emit('did-create-window', window, {
    ...details,
    options: answer.overrideBrowserWindowOptions ?? {},
  })
}

function closeAgain({ info, resume }: AttachedPage): void {
  refuseNavigation(info.targetId)
  // An opener that keeps a handle on the new page may stand still in window.open() until that page runs.
  resume()
  chromium
    .send('Target.closeTarget', { targetId: info.targetId })
    .catch(report('closing a window that the app denied'))
}
