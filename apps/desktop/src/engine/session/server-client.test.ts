import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo } from 'node:net'

import { type Tokens } from '@parley/contracts'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { ServerClient, retryDelayMs, toRefusal } from './server-client.ts'

/** The line over real HTTP; what answers is whatever a test puts there. */

const LIFETIME_SECONDS = 600

let asked: { path: string; token: string | undefined }[]
let answer: (request: IncomingMessage, response: ServerResponse) => void
let kept: Tokens
let client: ServerClient
let stop: () => void

const http = createServer((request, response) => {
  const path = (request.url ?? '').split('?', 1)[0]?.replace('/trpc/', '') ?? ''
  asked.push({ path, token: request.headers.authorization?.replace('Bearer ', '') })
  answer(request, response)
})

beforeEach(async () => {
  asked = []
  kept = tokens(0)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  client = new ServerClient(
    url,
    { read: () => kept, write: (written) => (kept = written) },
    { disconnected: () => {}, sessionEnded: () => {}, heard: () => {}, clock: () => {} },
  )
  stop = () => http.closeAllConnections()
})
afterEach(async () => {
  vi.useRealTimers()
  client.close()
  stop()
  await new Promise((resolve) => http.close(resolve))
})

function tokens(number: number): Tokens {
  return {
    accessToken: `access-${number}`,
    // By a clock that nobody here asks.
    accessExpiresAt: '2001-01-01T00:00:00.000Z',
    accessExpiresInSeconds: LIFETIME_SECONDS,
    refreshToken: `refresh-${number}`,
    sessionEndsAt: '2001-02-01T00:00:00.000Z',
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

const refused = (response: ServerResponse, code: string, status: number): void =>
  json(response, status, {
    error: { code: -32_000, message: code, data: { app: { code, details: {} } } },
  })

/** A server that takes only these tokens, and gives the next one to whoever asks. */
function serve(takes: (token: string | undefined) => boolean): void {
  let given = 0
  answer = (request, response) => {
    if (request.url?.includes('session.refresh')) {
      json(response, 200, { result: { data: tokens(++given) } })
    } else if (takes(request.headers.authorization?.replace('Bearer ', ''))) {
      json(response, 200, { result: { data: null } })
    } else refused(response, 'unauthenticated', 401)
  }
}

const act = (): Promise<unknown> =>
  client.ask((trpc) => trpc.presence.report.mutate({ state: 'active' }))
const codeOf = (request: Promise<unknown>): Promise<string> =>
  request.then(
    () => 'done',
    (error: unknown) => toRefusal(error).error.code,
  )
const paths = (): string[] => asked.map(({ path }) => path)
const renewals = (): number => paths().filter((path) => path === 'session.refresh').length

describe('a token', () => {
  test('that the server does not take is renewed once, and the request made once more', async () => {
    serve((token) => token !== 'access-0')
    expect(await codeOf(act())).toBe('done')
    expect(paths()).toEqual(['presence.report', 'session.refresh', 'presence.report'])
    expect(kept.accessToken).toBe('access-1')
  })

  test('is renewed once for all who hear at the same time that it is over', async () => {
    serve((token) => token !== 'access-0')
    const all = await Promise.all(Array.from({ length: 5 }, () => codeOf(act())))
    expect(all).toEqual(Array.from({ length: 5 }, () => 'done'))
    expect(renewals()).toBe(1)
  })

  test('that was renewed meanwhile is not renewed again for who hears late that the old one was over', async () => {
    const late = Promise.withResolvers<ServerResponse>()
    serve((token) => token !== 'access-0')
    const usual = answer
    answer = (_, response) => late.resolve(response)
    const waiting = codeOf(act())
    const held = await late.promise
    answer = usual
    await act()
    refused(held, 'unauthenticated', 401)
    expect(await waiting).toBe('done')
    expect(renewals()).toBe(1)
  })

  test('is renewed only once for a server that takes none', async () => {
    serve(() => false)
    expect(await codeOf(act())).toBe('unauthenticated')
    expect(paths()).toEqual(['presence.report', 'session.refresh', 'presence.report'])
  })

  test('is not renewed when a password is wrong', async () => {
    kept = null as unknown as Tokens
    answer = (_, response) => refused(response, 'unauthenticated', 401)
    const signIn = client.ask((trpc) => trpc.session.signIn.mutate({} as never))
    expect(await codeOf(signIn)).toBe('unauthenticated')
    expect(paths()).toEqual(['session.signIn'])
  })

  test.each([
    ['two hours fast', 2],
    ['two hours slow', -2],
  ])(
    'is renewed when its time is over, on a device whose clock is %s and jumps',
    async (_, hours) => {
      serve((token) => token !== 'access-0')
      vi.useFakeTimers({ toFake: ['Date', 'performance'] })
      vi.setSystemTime(Date.now() + hours * 3600_000)
      await act()
      for (const jump of [1, -1, 5, -5]) {
        vi.setSystemTime(Date.now() + jump * 3600_000)
        await act()
      }
      expect(renewals()).toBe(1)
      // Before it is over, so that nothing is ever refused for it.
      vi.advanceTimersByTime((LIFETIME_SECONDS - 30) * 1000)
      await act()
      await act()
      expect(renewals()).toBe(2)
      expect(asked.at(-1)?.token).toBe('access-2')
    },
  )
})

describe('what is no answer of the server passes', () => {
  test.each<[string, (response: ServerResponse) => void]>([
    ['a gateway’s page', (response) => response.writeHead(502).end('<html>Bad gateway</html>')],
    ['a portal’s page', (response) => response.writeHead(200).end('<html>Sign in</html>')],
    ['a proxy’s JSON', (response) => json(response, 503, { error: 'no upstream' })],
    ['a proxy’s own refusal', (response) => response.writeHead(403).end('forbidden')],
    ['an empty answer', (response) => response.writeHead(500).end()],
    [
      'a connection that breaks in the middle of an answer',
      (response) => {
        response.writeHead(200, { 'content-length': 1000 })
        response.write('{"result":', () => response.destroy())
      },
    ],
    ['a connection that breaks before it', (response) => void response.destroy()],
  ])('%s', async (_, send) => {
    answer = (_request, response) => send(response)
    expect(await codeOf(act())).toBe('server_unreachable')
  })

  test('and waits for as long as whoever answered asked for', async () => {
    const after = async (headers: Record<string, string>): Promise<unknown> => {
      answer = (_, response) => response.writeHead(429, headers).end('too many')
      return act().then(null, (error: unknown) => toRefusal(error).error.details['retryAfterMs'])
    }
    expect(await after({ 'retry-after': '30' })).toBe(30_000)
    const date = 'Fri, 01 Jan 1999 00:00:00 GMT'
    expect(await after({ date, 'retry-after': 'Fri, 01 Jan 1999 00:00:07 GMT' })).toBe(7000)
    expect(await after({ 'retry-after': 'soon' })).toBeUndefined()
  })
})

test('a line that is given up ends at once whatever waits on it', async () => {
  const arrived = Promise.withResolvers<void>()
  answer = () => arrived.resolve()
  const waiting = codeOf(act())
  await arrived.promise
  client.close()
  expect(await waiting).toBe('server_unreachable')
})

test('pauses grow to ten seconds, and further only where that was asked for', () => {
  const longest = [0, 1, 2, 3, 4, 5, 6, 7, 100].map((failures) => retryDelayMs(failures, 1))
  expect(longest).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000])
  expect(retryDelayMs(100, 0)).toBe(5000)
  const asking = (retryAfterMs: unknown) =>
    retryDelayMs(0, 1, { code: 'try_later', details: { retryAfterMs } })
  expect([asking(30_000), asking(3_600_000), asking(10)]).toEqual([33_000, 66_000, 250])
  // A place is kept for who comes back when they were told to, however often they were sent away before.
  const told = { code: 'try_later', details: { retryAfterMs: 2000 } } as const
  expect([0, 6].map((failures) => retryDelayMs(failures, 0, told))).toEqual([2000, 2000])
  const unreached = { code: 'server_unreachable', details: { retryAfterMs: 2000 } } as const
  expect(retryDelayMs(6, 1, unreached)).toBe(10_000)
})

/** A socket to a server that has nothing to say. */
class QuietSocket extends EventTarget {
  static readonly OPEN = 1
  readonly OPEN = 1
  readyState = 0

  constructor() {
    super()
    setTimeout(() => {
      this.readyState = 1
      this.dispatchEvent(new Event('open'))
    }, 1)
  }

  send(text: string): void {
    if (text === 'PING') {
      this.#say('PONG')
    } else {
      const { id, method } = JSON.parse(text) as { id: number; method: string }
      if (method === 'subscription') this.#say(JSON.stringify({ id, result: { type: 'started' } }))
    }
  }

  close(): void {
    this.readyState = 3
    this.dispatchEvent(new Event('close'))
  }

  #say(data: string): void {
    queueMicrotask(() => this.dispatchEvent(new MessageEvent('message', { data })))
  }
}

test('a line on which nothing is said keeps nobody busy', async () => {
  vi.stubGlobal('WebSocket', QuietSocket)
  vi.useFakeTimers()
  const quiet = new ServerClient(
    'http://127.0.0.1:1',
    { read: () => kept, write: () => {} },
    { disconnected: () => {}, sessionEnded: () => {}, heard: () => {}, clock: () => {} },
  )
  let isStarted = false
  quiet.trpc.sync.feed.subscribe({ cursor: '' }, { onStarted: () => (isStarted = true) })
  await vi.advanceTimersByTimeAsync(1000)
  expect(isStarted).toBe(true)
  // Counted by the clock itself: a spy on a faked timer is restored to the fake, for all files that follow.
  const end = Date.now() + 60_000
  let wakes = 0
  for (; Date.now() < end && wakes < 1000; wakes += 1) await vi.advanceTimersToNextTimerAsync()
  expect(wakes).toBeLessThan(1000)
  quiet.close()
  vi.unstubAllGlobals()
})
