import { createHash } from 'node:crypto'
import { request } from 'node:http'

import { afterEach, describe, expect, test } from 'vitest'

import { BrowserSignOn } from './browser-sign-on.ts'
import { Refusal } from '../session/refusal.ts'

const SERVER = 'https://parley.example'
const PROVIDER = '01a22400-0000-7000-8000-000000000001'
const TICKET = 'a-ticket-that-is-long-enough-to-be-one'

interface Opened {
  url: URL
  port: number
  challenge: string
}

let opened: Opened[] = []
let cameBack = 0
afterEach(() => {
  opened = []
  cameBack = 0
})

function create(failure: Error | null = null): BrowserSignOn {
  return new BrowserSignOn({
    openBrowser: async (address) => {
      if (failure !== null) throw failure
      const url = new URL(address)
      const { searchParams: asked } = url
      opened.push({
        url,
        port: Number(asked.get('port')),
        challenge: asked.get('challenge') ?? '',
      })
    },
    cameBack: () => void (cameBack += 1),
  })
}

/** Until the browser was sent. */
async function sent(): Promise<Opened> {
  for (;;) {
    const last = opened.at(-1)
    if (last !== undefined) return last
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** What a browser asks; a page could not set the host, another program can. */
function ask(port: number, path: string, host = `127.0.0.1:${port}`, method = 'GET') {
  return new Promise<{ status: number; text: string; headers: object }>((resolve, reject) => {
    request({ port, path, method, host: '127.0.0.1', headers: { host } }, (response) => {
      let text = ''
      response.on('data', (part: Buffer) => (text += part.toString('utf8')))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
      )
    })
      .on('error', reject)
      .end()
  })
}

const code = (waiting: Promise<unknown>): Promise<string> =>
  waiting.then(
    () => 'came',
    (error: unknown) =>
      error instanceof Refusal
        ? `${error.error.code} ${String(error.error.details['reason'] ?? '')}`.trim()
        : (error as Error).message,
  )

describe('waiting for the browser', () => {
  test('ends with the ticket that comes back, whose verifier never left', async () => {
    const waiting = create().wait(SERVER, PROVIDER)
    const { url, port, challenge } = await sent()
    expect(`${url.origin}${url.pathname}`).toBe(`${SERVER}/sso/start`)
    expect(url.searchParams.get('provider')).toBe(PROVIDER)
    const page = await ask(port, `/?for=${challenge}&ticket=${TICKET}`)
    const { ticket, verifier } = await waiting
    expect(ticket).toBe(TICKET)
    expect(createHash('sha256').update(verifier).digest('base64url')).toBe(challenge)
    expect(url.href).not.toContain(verifier)
    expect(page).toMatchObject({
      status: 200,
      headers: { 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' },
    })
    expect(page.text).not.toContain(TICKET)
    expect(cameBack).toBe(1)
  })

  test('hears nobody afterwards', async () => {
    const waiting = create().wait(SERVER, PROVIDER)
    const { port, challenge } = await sent()
    await ask(port, `/?for=${challenge}&ticket=${TICKET}`)
    await waiting
    await expect(ask(port, '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('is not ended by what other pages and programs of this machine ask', async () => {
    const waiting = create().wait(SERVER, PROVIDER)
    const { port, challenge } = await sent()
    const own = `/?for=${challenge}&ticket=${TICKET}`
    for (const [path, host, method] of [
      [`/?ticket=${TICKET}`],
      [`/?for=another&ticket=${TICKET}`],
      [`/?for=another&problem=refused`],
      [`/elsewhere?for=${challenge}&ticket=${TICKET}`],
      [own, `rebound.example:${port}`],
      [own, undefined, 'POST'],
      ['//'],
    ] as const) {
      expect((await ask(port, path, host, method)).status).toBe(404)
    }
    expect(cameBack).toBe(0)
    await ask(port, own)
    expect((await waiting).ticket).toBe(TICKET)
  })

  test.each([
    ['problem=refused', 'sign_on_failed refused'],
    ['ticket=short', 'sign_on_failed over'],
    ['', 'sign_on_failed over'],
  ])('ends with what went wrong: %s', async (said, expected) => {
    const waiting = code(create().wait(SERVER, PROVIDER))
    const { port, challenge } = await sent()
    await ask(port, `/?for=${challenge}&${said}`)
    expect(await waiting).toBe(expected)
  })

  test('is given up by the person, and by beginning anew', async () => {
    const browser = create()
    const first = code(browser.wait(SERVER, PROVIDER))
    await sent()
    const second = code(browser.wait(SERVER, PROVIDER))
    expect(await first).toBe('sign_on_failed cancelled')
    while (opened.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    browser.cancel()
    expect(await second).toBe('sign_on_failed cancelled')
  })

  test('is given up at once, and stays the only one, whatever the one before still does', async () => {
    const opening: (() => void)[] = []
    const browser = new BrowserSignOn({
      openBrowser: () => new Promise((resolve) => opening.push(resolve)),
      cameBack: () => {},
    })
    const early = code(browser.wait(SERVER, PROVIDER))
    browser.cancel()
    expect(await early).toBe('sign_on_failed cancelled')
    expect(opening).toHaveLength(0)

    const first = code(browser.wait(SERVER, PROVIDER))
    while (opening.length < 1) await new Promise((resolve) => setTimeout(resolve, 5))
    const second = code(browser.wait(SERVER, PROVIDER))
    while (opening.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    for (const opened of opening) opened()
    expect(await first).toBe('sign_on_failed cancelled')
    browser.cancel()
    expect(await second).toBe('sign_on_failed cancelled')
  })

  test('ends where no browser can be opened', async () => {
    expect(await code(create(new Error('no browser')).wait(SERVER, PROVIDER))).toBe(
      'sign_on_failed no_browser',
    )
  })

  test('opens no browsers in heaps', async () => {
    const browser = create()
    const codes = []
    for (let tries = 0; tries < 6; tries += 1) codes.push(code(browser.wait(SERVER, PROVIDER)))
    const last = await codes.at(-1)
    expect(last).toBe('too_many_attempts')
    browser.cancel()
    expect(opened.length).toBeLessThanOrEqual(5)
  })
})
