import { chromium, type PausedRequest } from '../chromium/chromium.ts'
import { report, warn } from '../environment.ts'
import { mayNavigate } from '../window/navigation.ts'
import { START_PAGE } from '../window/start-page.ts'
import { schemes, toAppUrl, type SchemeHandler } from './schemes.ts'

const HAS_NO_BODY = new Set(['GET', 'HEAD'])

/** Every request of every page comes by here: navigations ask the app first, the app's schemes are answered by it. */
export async function routeRequest(paused: PausedRequest): Promise<void> {
  const { requestId, request } = paused
  if (paused.resourceType === 'Document' && !mayNavigate(paused)) {
    await chromium.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' })
    return
  }
  const url = toAppUrl(request.url)
  const scheme = url.slice(0, url.indexOf(':'))
  if (url.includes(START_PAGE))
    await fulfill(requestId, new Response('', { headers: { 'content-type': 'text/html' } }))
  else if (schemes.isRegistered(scheme)) await answer(paused, url, schemes.handler(scheme))
  // A page may cancel its request while it is held here; then there is nothing left to continue.
  else await chromium.send('Fetch.continueRequest', { requestId }).catch(unlessCancelled)
}

async function answer(
  { requestId, request }: PausedRequest,
  url: string,
  handler: SchemeHandler | undefined,
): Promise<void> {
  try {
    if (!handler) throw new Error('nothing handles this scheme')
    const body = HAS_NO_BODY.has(request.method) ? null : postedBody(request)
    await fulfill(
      requestId,
      await handler(new Request(url, { method: request.method, headers: request.headers, body })),
    )
  } catch (error) {
    warn(`${request.method} ${url}: ${error instanceof Error ? error.message : String(error)}`)
    await chromium
      .send('Fetch.failRequest', { requestId, errorReason: 'Failed' })
      .catch(unlessCancelled)
  }
}

function postedBody(request: PausedRequest['request']): Uint8Array<ArrayBuffer> {
  return Buffer.concat(
    (request.postDataEntries ?? []).map(({ bytes }) => Buffer.from(bytes ?? '', 'base64')),
  )
}

async function fulfill(requestId: string, response: Response): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer()).toString('base64')
  const responseHeaders = [...response.headers].map(([name, value]) => ({ name, value }))
  await chromium
    .send('Fetch.fulfillRequest', {
      requestId,
      responseCode: response.status,
      responseHeaders,
      body,
    })
    .catch(unlessCancelled)
}

function unlessCancelled(error: Error): void {
  if (!error.message.includes('Invalid InterceptionId')) report('a request')(error)
}
