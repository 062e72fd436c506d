import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { parseArgs } from 'node:util'

import { WebSocket } from 'ws'

import { newId } from './test-server.ts'

/**
 * Somebody on the network who means harm and has one machine, a colleague's session and the directory's key, as a process of its own: it
 * begins with its next attack at a line on its input, names it when it is through with it, and lets go of nothing until
 * it is ended.
 */

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    token: { type: 'string' },
    cursor: { type: 'string' },
    key: { type: 'string' },
  },
})
const url = values.url as string
const { hostname, port } = new URL(url)

const ROUNDS = 2_000
const AT_ONCE = 10
/** Of each of them: what is measured is the server, not whether this process leaves it the processor. */
const PAUSE_MS = 25
const IDLE_SOCKETS = 1_000
const SLOW_BODIES = 100
const FLOOD_CALLS = 400
const LINES = 40
const RENEWALS_PER_FRAME = 2_000
const FEEDS_PER_LINE = 3_000
/** For a line that the server does not cut. */
const LINE_LIMIT_MS = 2_000

const held = new Set<Socket>()

async function open(): Promise<Socket> {
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  await Promise.race([once(socket, 'connect'), once(socket, 'close')])
  return socket
}

/** Sends it, and waits for no answer longer than a moment. */
async function throwAt(bytes: string | Buffer, afterwards?: Buffer): Promise<void> {
  const socket = await open()
  const ended = new Promise((resolve) => socket.once('close', resolve))
  socket.on('data', () => {})
  socket.write(bytes)
  if (afterwards !== undefined) {
    await Promise.race([once(socket, 'data'), ended])
    socket.write(afterwards)
  }
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 50))])
  socket.destroy()
}

async function many(rounds: number, work: (round: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < rounds) {
      await work(next++).catch(() => {})
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

const handshake = (target: string, more = ''): string =>
  `GET ${target} HTTP/1.1\r\nHost: server\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
  `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n${more}\r\n`

const MALFORMED_UPGRADES = [
  () => handshake('//'),
  () => handshake('http://[::1'),
  () => handshake('/trpc?%'),
  () =>
    handshake(
      '/trpc',
      'Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99\r\n',
    ),
  () => handshake('/trpc', 'Sec-WebSocket-Protocol: ,,\r\n'),
  () => handshake('/trpc').replace('Version: 13', 'Version: -1'),
  () => handshake('/trpc').replace(/Key: .*/, 'Key: x'),
  () => handshake('/trpc').replace('GET', 'POST'),
  () => `${'GET / HTTP/1.1\r\n'.repeat(50)}\r\n`,
  () => randomBytes(512),
]

/** After a handshake that is right. */
const MALFORMED_FRAMES = [
  () => randomBytes(64),
  // Not masked, of no kind, with reserved bits, longer than anything, of no text.
  () => Buffer.from([0x81, 0x01, 0x61]),
  () => Buffer.from([0x83, 0x80, 0, 0, 0, 0]),
  () => Buffer.from([0xf1, 0x80, 0, 0, 0, 0]),
  () => Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]),
  () => Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28]),
  () => Buffer.from([0x88, 0x81, 0, 0, 0, 0, 0x00]),
  () => Buffer.concat(Array.from({ length: 500 }, () => Buffer.from([0x00, 0x80, 0, 0, 0, 0]))),
  () => Buffer.concat(Array.from({ length: 500 }, () => Buffer.from([0x89, 0x80, 0, 0, 0, 0]))),
  () => masked('[[[['),
  () => masked('{"id":1,"method":"query","params":{"path":"__proto__"}}'),
]

function masked(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)])
}

const oneOf = <Item>(items: readonly Item[], round: number): Item =>
  items[round % items.length] as Item

const post = (path: string, body: string): Promise<unknown> =>
  fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body }).then(
    (answer) => answer.arrayBuffer(),
  )

const FLOODS: Record<string, (round: number) => Promise<unknown>> = {
  renewals: (round) => post('/trpc/session.refresh', JSON.stringify({ refreshToken: `r${round}` })),
  'sign-ins': (round) =>
    post(
      '/trpc/session.signIn',
      JSON.stringify({
        email: `nobody-${round}@parley.example`,
        password: 'a guess',
        device: { id: newId(), name: 'x', platform: 'linux' },
        protocolVersion: 1,
      }),
    ),
  'webhooks of nobody': () => post('/webhooks/whatsapp', `{"x":"${'x'.repeat(10_000)}"}`),
  'questions of health': () => fetch(`${url}/readyz`).then((answer) => answer.arrayBuffer()),
  'pages of the directory': () =>
    fetch(`${url}/scim/v2/Users?count=200`, {
      headers: { authorization: `Bearer ${values.key}` },
    }).then((answer) => answer.arrayBuffer()),
  'requests without end': () =>
    throwAt('GET /healthz HTTP/1.1\r\nHost: server\r\n\r\n'.repeat(200)),
}

async function sendOverLine(accessToken: string | null, frames: string[]): Promise<void> {
  const line = new WebSocket(`${url.replace('http', 'ws')}/trpc?connectionParams=1`)
  line.on('error', () => {})
  await once(line, 'open')
  line.send(JSON.stringify({ method: 'connectionParams', data: { accessToken } }))
  for (const frame of frames) line.send(frame)
  const limit = new Promise((resolve) => setTimeout(resolve, LINE_LIMIT_MS))
  await Promise.race([once(line, 'close'), limit])
  line.terminate()
}

const operation = (id: number, method: string, path: string, input: object): object => ({
  id,
  method,
  params: { path, input },
})
const renewals = (): string =>
  JSON.stringify(
    Array.from({ length: RENEWALS_PER_FRAME }, (_nothing, id) =>
      operation(id, 'mutation', 'session.refresh', { refreshToken: `r${id}` }),
    ),
  )
const feeds = (): string[] =>
  Array.from({ length: FEEDS_PER_LINE }, (_nothing, id) =>
    JSON.stringify(operation(id, 'subscription', 'sync.feed', { cursor: values.cursor })),
  )

async function holdIdle(index: number): Promise<void> {
  const socket = await open()
  held.add(socket)
  // Half say nothing at all; the others a line that never says who it is.
  if (index % 2 === 0) socket.write(handshake('/trpc?connectionParams=1'))
}

async function sendSlowly(): Promise<void> {
  const socket = await open()
  held.add(socket)
  socket.write(
    'POST /webhooks/whatsapp HTTP/1.1\r\nHost: server\r\nContent-Length: 3000000\r\n\r\n{',
  )
  const dripping = setInterval(() => socket.write(' '), 500)
  socket.once('close', () => clearInterval(dripping))
}

const ATTACKS: Record<string, () => Promise<void>> = {
  'idle sockets': () => many(IDLE_SOCKETS, holdIdle),
  'slow bodies': () => many(SLOW_BODIES, sendSlowly),
  'malformed upgrades': () => many(ROUNDS, (round) => throwAt(oneOf(MALFORMED_UPGRADES, round)())),
  'malformed frames': () =>
    many(ROUNDS, (round) =>
      throwAt(handshake('/trpc?connectionParams=1'), oneOf(MALFORMED_FRAMES, round)()),
    ),
  'frames of renewals': () => many(LINES, () => sendOverLine(null, [renewals()])),
  'a colleague’s feeds': () => many(LINES, () => sendOverLine(values.token ?? null, feeds())),
  ...Object.fromEntries(
    Object.entries(FLOODS).map(([name, call]) => [
      name,
      () => many(FLOOD_CALLS, (round) => call(round)),
    ]),
  ),
}

const told = process.stdin[Symbol.asyncIterator]()
for (const [name, attack] of Object.entries(ATTACKS)) {
  await told.next()
  await attack()
  process.stdout.write(`${name}\n`)
}
setInterval(() => {}, 60_000)
