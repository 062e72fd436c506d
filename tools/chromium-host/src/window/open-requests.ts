import type { Page } from './page.ts'
import type { WebContents } from './web-contents.ts'

interface OpenRequest {
  opener: WebContents
  url: string
  frameName: string
  features: string
  disposition: 'foreground-tab' | 'background-tab'
}

/** The newest wish for a window: Chromium names it just before the window itself, which it does not always link to it. */
let pending: OpenRequest | undefined

export function watchOpenRequests(opener: WebContents, page: Page): void {
  page.on(
    'open-requested',
    (request: Omit<OpenRequest, 'opener'>) => (pending = { opener, ...request }),
  )
}

export function takeOpenRequest(): OpenRequest | undefined {
  const request = pending
  pending = undefined
  return request
}
