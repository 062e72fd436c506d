import { once } from 'node:events'

import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'

import { UNSTORABLE } from '../platform/procedure.ts'
import { conversationOf, newCustomer, write } from '../testing/conversations.ts'
import { declaredProcedures, type DeclaredProcedure } from '../testing/hostile-inputs.ts'
import {
  startTestServer,
  type TestClient,
  type TestPerson,
  type TestServer,
} from '../testing/test-server.ts'

/**
 * Whatever is sent to a procedure, the answer is typed and never `internal`: that is a bug of ours, by definition.
 * `FUZZ_SEED` and `FUZZ_INPUTS` repeat a run, or make a longer one.
 */

const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_128)
const INPUTS = Number(process.env['FUZZ_INPUTS'] ?? 40)
const OVER_WEB_SOCKET = 4
const AT_ONCE = 4

let server: TestServer
let person: TestPerson
let admin: TestClient
let procedures: DeclaredProcedure[]

beforeAll(async () => {
  server = await startTestServer()
  const teamIds = Object.values(server.teams)
  // The only administrator: who can neither be demoted nor switched off, by themselves either.
  person = await server.addPerson({ role: 'admin', teamIds, presence: 'online' })
  const agent = await server.addPerson({ role: 'agent', teamIds, presence: 'online' })
  admin = await server.signIn(person)
  const conversations = await Promise.all(
    ['hola', 'buenas', 'ayuda'].map(async (text) =>
      conversationOf(server, await write(server, newCustomer(), text)),
    ),
  )
  const { rows } = await server.database.pool.query<{ id: string }>(
    'SELECT id FROM messages UNION ALL SELECT id FROM customers',
  )
  procedures = declaredProcedures([
    person.id,
    agent.id,
    admin.sessionId,
    ...teamIds,
    ...conversations.map(({ id }) => id),
    ...rows.map(({ id }) => id),
  ])
}, 120_000)
afterAll(async () => {
  admin.close()
  await server.stop()
})

interface Answer {
  status: number
  code: string | null
  text: string
}

async function post(
  path: string,
  { body, ...init }: RequestInit & { body?: string } = {},
): Promise<Answer> {
  const response = await fetch(`${server.url}${path}`, {
    ...init,
    ...(body === undefined ? {} : { method: 'POST', body }),
    headers: {
      authorization: `Bearer ${admin.accessToken}`,
      'content-type': 'application/json',
      ...(init.headers as Record<string, string>),
    },
  })
  const text = await response.text()
  return { status: response.status, code: codeIn(text), text }
}

/** @returns null for what is no failure; throws where the answer is not JSON */
function codeIn(text: string): string | null {
  const answer = JSON.parse(text) as { error?: { data?: { app?: { code: string } } } | string }
  if (answer.error === undefined) return null
  return typeof answer.error === 'string' ? answer.error : (answer.error.data?.app?.code ?? 'none')
}

function call({ path, type }: DeclaredProcedure, input: unknown): Promise<Answer> {
  const json = JSON.stringify(input)
  return type === 'query'
    ? post(`/trpc/${path}?input=${encodeURIComponent(json.toWellFormed())}`)
    : post(`/trpc/${path}`, { body: json })
}

async function signInAgain(): Promise<void> {
  admin.close()
  admin = await server.signIn(person)
}

test('no input of any procedure is answered as a bug', async () => {
  const bugs: string[] = []
  const told = new Map<string, number>()
  for (const procedure of procedures) {
    if (procedure.type === 'subscription') continue
    const inputs = fc.sample(procedure.inputs, { numRuns: INPUTS, seed: SEED })
    for (let from = 0; from < inputs.length; from += AT_ONCE) {
      const some = inputs.slice(from, from + AT_ONCE)
      const answers = await Promise.all(some.map((input) => call(procedure, input)))
      for (const [index, { status, code, text }] of answers.entries()) {
        told.set(code ?? 'done', (told.get(code ?? 'done') ?? 0) + 1)
        if (status < 500 && code !== 'none' && !text.includes(UNSTORABLE)) continue
        // Whoever is not known is asked to wait their turn.
        if (code === 'try_later' && procedure.permission === 'public') continue
        bugs.push(`${procedure.path} ${JSON.stringify(some[index]).slice(0, 300)} ${text}`)
      }
      // Some of it ends the session that sends it.
      const ended = answers.some(({ code }) => code === 'session_ended')
      if (ended && procedure.permission !== 'public') await signInAgain()
    }
  }
  expect(bugs).toEqual([])
  // It was not all refused at the door.
  expect(told.get('done')).toBeGreaterThan(procedures.length)
  expect(told.get('invalid_input')).toBeGreaterThan(procedures.length)
}, 600_000)

test('nor over a WebSocket, where each may be called as well', async () => {
  const calls = procedures.flatMap((procedure) =>
    fc
      .sample(procedure.inputs, { numRuns: OVER_WEB_SOCKET, seed: SEED + 1 })
      .map((input) => ({ path: procedure.path, type: procedure.type, input })),
  )
  const bugs: string[] = []
  // A connection has forty operations at once.
  for (let from = 0; from < calls.length; from += 30) {
    const some = calls.slice(from, from + 30)
    if (from > 0) await signInAgain()
    const answers = await askOverLine(
      some.map(({ path, type, input }, id) =>
        JSON.stringify({ id, method: type, params: { path, input } }),
      ),
    )
    for (const [id, text] of answers) {
      if (text.includes('"internal"') || text.includes(UNSTORABLE))
        bugs.push(`${JSON.stringify(some[id])} ${text}`)
    }
  }
  expect(bugs).toEqual([])
}, 600_000)

/** @returns the first answer to each frame that got one, by its id, until the line is silent or closed */
async function askOverLine(frames: string[]): Promise<Map<number, string>> {
  const line = new WebSocket(`${server.url.replace('http', 'ws')}/trpc?connectionParams=1`)
  line.on('error', () => {})
  await once(line, 'open')
  const answers = new Map<number, string>()
  let heardMs = performance.now()
  line.on('message', (data) => {
    heardMs = performance.now()
    const text = String(data)
    if (text === 'PONG' || text === 'PING') return
    const { id } = JSON.parse(text) as { id: number }
    if (!answers.has(id)) answers.set(id, text)
  })
  line.send(
    JSON.stringify({ method: 'connectionParams', data: { accessToken: admin.accessToken } }),
  )
  for (const frame of frames) line.send(frame)
  while (
    line.readyState === line.OPEN &&
    answers.size < frames.length &&
    performance.now() - heardMs < 1_500
  ) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  line.terminate()
  return answers
}

const DEEP = 100_000
const deep = (open: string, close: string): string => open.repeat(DEEP) + close.repeat(DEEP)
const get = (input: string): string => `/trpc/session.me?input=${input}`

test.each<[string, string, (RequestInit & { body?: string })?]>([
  ['an input that is no JSON', get('{')],
  ['an input that is no text', get('%ff%fe')],
  ['several inputs', `${get('1')}&input=2`],
  ['a deep input', get(encodeURIComponent('['.repeat(3_000)))],
  ['a batch', '/trpc/session.me,session.list?batch=1&input={}'],
  ['a batch of nothing', '/trpc/,,,?batch=1'],
  ['a batch’s body', '/trpc/reads.mark,reads.mark?batch=1', { body: '{"0":1,"__proto__":2}' }],
  ['a page that is no JSON', '/trpc/sync.bootstrap?input={'],
  ['a page of another kind', '/trpc/sync.bootstrap?input={"page":7}'],
  ['a page of nobody', '/trpc/sync.bootstrap?input={"page":"a:b:c"}'],
  ['two pages', '/trpc/sync.bootstrap?input={}&input={}'],
  ['no procedure', '/trpc/'],
  ['a key of every object', '/trpc/__proto__.constructor'],
  ['a key of every procedure', '/trpc/session.me.call'],
  ['another folder', '/trpc/..%2f..%2fetc%2fpasswd'],
  ['half an escape', '/trpc/%'],
  ['nothing’s end', '/trpc/session.me%00'],
  ['a mutation that is read', '/trpc/session.signOut?input=null'],
  ['a query that is posted', '/trpc/session.me', { body: 'null' }],
  ['no JSON', '/trpc/session.refresh', { body: '{"refreshToken":' }],
  ['no body', '/trpc/session.refresh', { body: '' }],
  ['a deep body', '/trpc/session.refresh', { body: deep('[', ']') }],
  ['a deep object', '/trpc/session.refresh', { body: `${'{"a":'.repeat(30_000)}1` }],
  ['a body for superjson', '/trpc/session.refresh', { body: '{"json":{},"meta":{"values":{}}}' }],
  ['keys of objects', '/trpc/session.refresh', { body: '{"__proto__":{"refreshToken":"x"}}' }],
  ['a body too large', '/trpc/session.refresh', { body: `"${'x'.repeat(300_000)}"` }],
  ['a form', '/trpc/session.refresh', { body: 'a=b', headers: { 'content-type': 'text/plain' } }],
  ['no type at all', '/trpc/session.refresh', { body: '{}', headers: { 'content-type': '/' } }],
  [
    'a file',
    '/trpc/session.refresh',
    { body: 'x', headers: { 'content-type': 'multipart/form-data' } },
  ],
  [
    'bytes',
    '/trpc/session.refresh',
    { body: 'x', headers: { 'content-type': 'application/octet-stream' } },
  ],
  ['a token of nobody', get('null'), { headers: { authorization: 'Bearer a.b.c' } }],
  ['a token that is none', get('null'), { headers: { authorization: 'Basic OnBhc3N3b3Jk' } }],
  ['a wish for compression', get('null'), { headers: { 'accept-encoding': 'gzip;q=x,,;,br' } }],
  ['a word for a proxy', get('null'), { headers: { 'x-forwarded-for': '::1%x,,999.1.1.1' } }],
  ['connection parameters', '/trpc/session.me?connectionParams=1&connectionParams={'],
  ['a dictionary elsewhere', '/dictionaries/..%2f..%2fpackage.json'],
  ['a webhook’s check', '/webhooks/whatsapp?hub.mode=subscribe&hub.mode=x&hub.challenge[]=1'],
  ['a webhook’s body', '/webhooks/whatsapp', { body: deep('[', ']') }],
])('%s is refused in words, as a mistake of whoever sends it', async (_name, path, init) => {
  const { status, code } = await post(path, init)
  expect(status).toBeLessThan(500)
  expect(code).not.toBe('internal')
  expect(code).not.toBe('none')
})

test('a frame of any form ends at most its own connection', async () => {
  const frames = [
    'null',
    '1',
    '"x"',
    '[]',
    '[null]',
    '{}',
    '{"id":1}',
    '{"id":{},"method":"query","params":{"path":"session.me"}}',
    '{"id":1,"method":"query"}',
    '{"id":1,"method":"query","params":null}',
    '{"id":1,"method":"query","params":{"path":"__proto__"}}',
    '{"id":1,"method":"query","params":{"path":["session.me"]}}',
    '{"id":1,"method":"destroy","params":{"path":"session.me"}}',
    '{"id":1,"method":"subscription.stop"}',
    '{"id":1,"method":"subscription","params":{"path":"session.me"}}',
    '{"id":1,"method":"query","params":{"path":"sync.feed","input":{"cursor":null}}}',
    '{"id":1,"method":"subscription","params":{"path":"sync.feed","lastEventId":{},"input":1}}',
    '{"method":"connectionParams","data":1}',
    '{"method":"reconnect"}',
    '\u0000',
    '[',
    `${'['.repeat(8_000)}`,
    `{"id":1,"method":"query","params":{"path":"session.me","input":${'['.repeat(4_000)}${']'.repeat(4_000)}}}`,
  ]
  for (const frame of frames) {
    const answers = await askOverLine([frame])
    for (const text of answers.values()) expect(`${frame} ${text}`).not.toContain('"internal"')
  }
  expect((await post('/trpc/session.me')).status).toBe(200)
}, 120_000)
