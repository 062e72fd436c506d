/** The same as `appId` in electron-builder.yml: Windows finds a notification's owner by it. */
export const APP_ID = 'app.parley.workstation'

/** The one origin that may talk to main. Its host is fixed, so that no other name is ever ours. */
export const APP_SCHEME = 'app'
export const APP_HOST = 'parley'
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`
export const START_URL = `${APP_ORIGIN}/index.html`
/** The page of the small window that stands while an escalation is open. */
export const ESCALATION_URL = `${APP_ORIGIN}/escalation.html`

/** Whether this is our page itself, reloaded or at an anchor, and nothing else of the origin. */
export function isPageOfOurs(url: string, pages: readonly string[]): boolean {
  const [page] = url.split('#', 1)
  return page !== undefined && pages.includes(page)
}
