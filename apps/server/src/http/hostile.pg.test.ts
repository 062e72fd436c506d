import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect as connectSocket, type Socket } from 'node:net'
import { runInNewContext } from 'node:vm'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'

import { codeOf, newCustomer, write } from '../testing/conversations.ts'
import {
  eventually,
  startTestServer,
  type TestClient,
  type TestServer,
} from '../testing/test-server.ts'

/** What anybody on the network may send. None of it ends the server, fills it, or slows down the others. */

let server: TestServer
let agent: TestClient
let other: TestClient

beforeAll(async () => {
  server = await startTestServer()
  agent = await server.signIn(await server.addPerson({ role: 'agent', teamIds: [] }))
  other = await server.signIn(await server.addPerson({ role: 'agent', teamIds: [] }))
})
afterAll(async () => {
  agent.close()
  other.close()
  await server.stop()
})

/** What the server says until it hangs up. */
function send(text: string): { socket: Socket; answer: Promise<string> } {
  const { hostname, port } = new URL(server.url)
  const socket = connectSocket(Number(port), hostname)
  socket.on('error', () => {})
  socket.write(text)
  let heard = ''
  socket.on('data', (data) => (heard += String(data)))
  return { socket, answer: once(socket, 'close').then(() => heard) }
}

async function openLine(): Promise<WebSocket> {
  const line = new WebSocket(`${server.url.replace('http', 'ws')}/trpc?connectionParams=1`)
  line.on('error', () => {})
  await once(line, 'open')
  return line
}

test('a page in a browser opens no line, wherever it says that it is from', async () => {
  for (const origin of ['https://evil.example', server.url, 'null', '']) {
    const line = new WebSocket(`${server.url.replace('http', 'ws')}/trpc`, { headers: { origin } })
    await expect(once(line, 'open')).rejects.toThrow('socket hang up')
  }
})

async function openSignedIn(): Promise<WebSocket> {
  const line = await openLine()
  line.send(
    JSON.stringify({ method: 'connectionParams', data: { accessToken: agent.accessToken } }),
  )
  return line
}

const endOf = async (line: WebSocket): Promise<number> => (await once(line, 'close'))[0] as number

const refresh = (id: number): object => ({
  id,
  method: 'mutation',
  params: { path: 'session.refresh', input: { refreshToken: 'x' } },
})

const follow = (id: number, cursor: string | null): string =>
  JSON.stringify({ id, method: 'subscription', params: { path: 'sync.feed', input: { cursor } } })

test.each([
  ['//', 'server'],
  ['http://[::1', 'server'],
  ['/trpc', '[::1'],
  ['/trpc?%', 'a b'],
  ['*', 'server'],
])('a request to upgrade to “%s” at “%s” ends nothing', async (target, host) => {
  await send(
    `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  ).answer
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
})

describe('over a WebSocket', () => {
  test('a frame of two thousand operations is not even read', async () => {
    const line = await openLine()
    const frame = Array.from({ length: 2_000 }, (_nothing, id) => refresh(id))
    line.send(JSON.stringify({ method: 'connectionParams', data: {} }))
    line.send(JSON.stringify(frame))
    expect(await endOf(line)).toBe(1009)
  })

  test('nor are several operations too many in one frame, nor frames without end', async () => {
    const crowded = await openSignedIn()
    crowded.send(JSON.stringify(Array.from({ length: 11 }, (_nothing, id) => refresh(id))))
    expect(await endOf(crowded)).toBe(1008)

    const endless = await openSignedIn()
    const closed = endOf(endless)
    for (let sent = 0; sent < 100; sent++) endless.send('PING')
    expect(await closed).toBe(1008)
  })

  test('nor pings without end, whose answers nobody takes, nor a frame in many pieces', async () => {
    const pinging = await openSignedIn()
    const closed = endOf(pinging)
    for (let sent = 0; sent < 100; sent++) pinging.ping()
    expect(await closed).toBe(1008)

    const inPieces = await openSignedIn()
    const cut = endOf(inPieces)
    for (let sent = 0; sent < 20; sent++) inPieces.send('', { fin: false })
    expect(await cut).toBe(1008)
  })

  test('an address has so many lines of whom nobody knows, and others beside those that it knows', async () => {
    const known = await openSignedIn()
    const opened: WebSocket[] = []
    const refused = Promise.withResolvers<string>()
    for (let at = 0; at < 1_020; at++) {
      const line = new WebSocket(`${server.url.replace('http', 'ws')}/trpc?connectionParams=1`)
      line.on('error', (error) => refused.resolve(error.message))
      opened.push(line)
    }
    expect(await refused.promise).toContain('503')
    for (const line of opened) line.terminate()
    await eventually(async () => (await openLine()).terminate())
    known.send('PING')
    expect(String(((await once(known, 'message')) as [Buffer])[0])).toBe('PONG')
    known.terminate()
  })

  test('who begins to follow again on a connection has one feed, the newer', async () => {
    const { cursor } = await agent.trpc.sync.bootstrap.query({ page: null })
    const line = await openSignedIn()
    const ended = Promise.withResolvers<number>()
    line.on('message', (data) => {
      const { id, result } = JSON.parse(String(data)) as { id: number; result?: { type: string } }
      if (result?.type === 'started' && id === 1) line.send(follow(2, cursor))
      if (result?.type === 'stopped') ended.resolve(id)
    })
    line.send(follow(1, cursor))
    expect(await ended.promise).toBe(1)
    line.terminate()
  })

  test('a session has a few connections, and the oldest go', async () => {
    const lines: WebSocket[] = []
    const oldestEnded = Promise.withResolvers<number>()
    for (let opened = 0; opened < 4; opened++) {
      const line = await openSignedIn()
      if (opened === 0) line.once('close', (code) => oldestEnded.resolve(code))
      lines.push(line)
    }
    expect(await oldestEnded.promise).toBe(1008)
    for (const line of lines) line.terminate()
  })

  test('who never says who they are is hung up on, as is who never ends a request’s head', async () => {
    const [silent, unknown] = [await openLine(), await openLine()]
    unknown.send(JSON.stringify({ method: 'connectionParams', data: { accessToken: 'nonsense' } }))
    const nothing = send('')
    const head = send('GET /healthz HTTP/1.1\r\nHost: server\r\nX-Slow: ')
    expect(await Promise.all([endOf(silent), endOf(unknown)])).toEqual([1008, 1008])
    expect(await head.answer).toContain('408 Request Timeout')
    await nothing.answer
  })
})

test('who never ends a request’s body is hung up on, however steadily it comes', async () => {
  const { socket, answer } = send(
    'POST /trpc/session.signIn HTTP/1.1\r\nHost: server\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
  )
  const dripping = setInterval(() => socket.write(' '), 500)
  expect(await answer).toContain('408 Request Timeout')
  clearInterval(dripping)
})

test('an address has so many connections, and 503 beyond them', async () => {
  const sockets: Socket[] = []
  while (sockets.length < 2_000) {
    // Once it was answered a connection is kept for longer than this takes.
    const some = Array.from(
      { length: 50 },
      () => send('GET /healthz HTTP/1.1\r\nHost: server\r\n\r\n').socket,
    )
    await Promise.all(
      some.map(
        (socket) => new Promise((resolve) => socket.once('data', resolve).once('close', resolve)),
      ),
    )
    sockets.push(...some)
  }
  expect(await send('').answer).toMatch(/^HTTP\/1\.1 503 /)
  for (const socket of sockets) socket.destroy()
  await eventually(async () => expect((await fetch(`${server.url}/healthz`)).status).toBe(200))
})

test('an invitation opened in a browser is told where it belongs, and only what opens Parley runs there', async () => {
  const response = await fetch(`${server.url}/join`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  const page = await response.text()
  const partOf = (tag: string): string =>
    String(new RegExp(`<${tag}>([^<]*(?:<(?!/${tag}>)[^<]*)*)</${tag}>`).exec(page)?.[1])
  const hashOf = (text: string): string =>
    `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  expect(response.headers.get('content-security-policy')).toBe(
    `default-src 'none'; style-src ${hashOf(partOf('style'))}; script-src ${hashOf(partOf('script'))}; ` +
      `base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  )
  expect(response.headers.get('referrer-policy')).toBe('no-referrer')
  expect(page).toContain('Tengo una invitación')
  expect(page).not.toMatch(/<form|src=|https?:|<a [^>]*href/)
  expect(page.match(/<script/g)).toHaveLength(1)

  const opened = (address: string) => {
    const link = { href: null as string | null, parentElement: { hidden: true } }
    const location = new URL(address)
    runInNewContext(partOf('script'), {
      location,
      encodeURIComponent,
      document: { querySelectorAll: () => [link] },
    })
    return [link.href, link.parentElement.hidden]
  }
  const address = `https://parley.example/soporte/join#${'t'.repeat(43)}`
  expect(opened(address)).toEqual([`parley://join#${encodeURIComponent(address)}`, false])
  for (const none of ['', '#short', `#${'t'.repeat(43)}"><script>`, `#${'t'.repeat(200)}`]) {
    expect(opened(`https://parley.example/join${none}`)).toEqual([null, true])
  }
})

test('no answer is a page to a browser, to be kept, framed or guessed at', async () => {
  for (const path of [
    '/healthz',
    '/nothing',
    '/trpc/session.me',
    '/trpc/nothing',
    '/dictionaries/x',
    '/%',
  ]) {
    const { headers } = await fetch(server.url + path)
    expect([path, Object.fromEntries(headers)]).toMatchObject([
      path,
      {
        'cache-control': 'no-store',
        'content-security-policy':
          "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      },
    ])
  }
})

test('a connection waits for its answers: hundreds of requests in one packet end it', async () => {
  const request = 'GET /readyz HTTP/1.1\r\nHost: server\r\n\r\n'
  const { answer } = send(request.repeat(300))
  expect((await answer).split('HTTP/1.1 ').length - 1).toBeLessThanOrEqual(4)
  const two = send(request + request.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))
  expect((await two.answer).match(/HTTP\/1.1 200/g)).toHaveLength(2)
})

test('unfinished bodies have room for so many bytes from one address, and 503 beyond it', async () => {
  const posts = Array.from({ length: 20 }, () =>
    send(
      'POST /webhooks/whatsapp HTTP/1.1\r\nHost: server\r\nContent-Type: application/json\r\nContent-Length: 3000000\r\n\r\n{',
    ),
  )
  // Five of three megabytes fit into sixteen.
  const refusals: string[] = []
  for (const { answer } of posts) void answer.then((heard) => refusals.push(heard))
  await eventually(() => expect(refusals).toHaveLength(15))
  for (const refusal of refusals) expect(refusal).toMatch(/^HTTP\/1\.1 503 /)
  // A message of an ordinary size still finds room.
  await write(server, newCustomer(), 'hola')
  for (const { socket } of posts) socket.destroy()
  await Promise.all(posts.map(({ answer }) => answer))
})

test('a stranger’s flood of calls is put off, and is no refusal for good', async () => {
  const answers = await Promise.all(
    Array.from({ length: 700 }, () =>
      fetch(`${server.url}/trpc/session.refresh`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ refreshToken: 'x' }),
      }),
    ),
  )
  const statuses = new Set(answers.map(({ status }) => status))
  expect(statuses).toEqual(new Set([401, 503]))
})

test('an agent’s call beside the floods takes no more than a small multiple of the same call alone', async () => {
  const median = async (): Promise<number> => {
    const tookMs: number[] = []
    for (let call = 0; call < 25; call++) {
      const beganMs = performance.now()
      await agent.trpc.session.me.query()
      tookMs.push(performance.now() - beganMs)
    }
    return tookMs.toSorted((a, b) => a - b)[12] as number
  }
  const alone = await median()

  let isFlooding = true
  const repeat = async (attack: () => Promise<unknown>): Promise<void> => {
    while (isFlooding) await attack()
  }
  const frame = JSON.stringify(Array.from({ length: 10 }, (_nothing, id) => refresh(id)))
  const floods = [
    // A stranger's frames, a stranger's calls, and a colleague's workstation gone mad.
    ...Array.from({ length: 4 }, () =>
      repeat(async () => {
        const line = await openLine()
        const closed = endOf(line)
        line.send(JSON.stringify({ method: 'connectionParams', data: {} }))
        for (let sent = 0; sent < 20; sent++) line.send(frame)
        await closed
      }),
    ),
    ...Array.from({ length: 4 }, () =>
      repeat(() => codeOf(agent.trpc.session.refresh.mutate({ refreshToken: 'x' }))),
    ),
    ...Array.from({ length: 60 }, () =>
      repeat(() => codeOf(other.trpc.sync.bootstrap.query({ page: null }))),
    ),
  ]
  const beside = await median()
  isFlooding = false
  await Promise.all(floods)
  // The machine may have become slower meanwhile, for reasons that are not the floods.
  const aloneAgain = await median()
  // Attackers and attacked share this process, so its time is divided by more than the server's own.
  expect(beside / Math.max(alone, aloneAgain)).toBeLessThan(50)
})

test('stopping does not wait for a client that never ends its request', async () => {
  const { answer } = send(
    'POST /trpc/session.signIn HTTP/1.1\r\nHost: server\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
  )
  const line = await openLine()
  await server.restart()
  await answer
  line.terminate()
})
