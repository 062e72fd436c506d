import { once } from 'node:events'
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import {
  ANSWERS,
  type BridgeEvents,
  type EngineMethod,
  type SessionView,
  type SignInOutput,
} from '@parley/contracts'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocketServer } from 'ws'

import { Engine } from '../engine.ts'
import { type EngineHost, type StoredAccount } from '../host.ts'
import { cursor } from '../testing/open-cache.ts'
import { conversation, customer, person, someId } from '../testing/rows.ts'
import { ServerClient, toRefusal } from './server-client.ts'

/** A real engine on real files, and a server that may answer anything. */

const ME = '01890a5d-ac96-774b-bcce-b302099a8001'
const TEAM = '01890a5d-ac96-774b-bcce-b302099a8002'

/** Says to each procedure what a test has put there, and over its feed what a test tells it to. */
class FalseServer {
  readonly heard: { path: string; body: string }[] = []
  readonly answers = new Map<string, unknown>()
  /** In the place of an answer. */
  instead: ((request: IncomingMessage, response: ServerResponse) => void) | null = null
  date: string | null = null
  readonly #http = createServer((request, response) => void this.#answer(request, response))
  readonly #sockets = new WebSocketServer({ noServer: true })
  readonly #followers = new Map<{ send(text: string): void }, number>()

  async open(): Promise<this> {
    this.#http.on('upgrade', (request, socket, head) => {
      this.heard.push({ path: 'upgrade', body: '' })
      this.#sockets.handleUpgrade(request, socket, head, (line) => {
        line.on('message', (data) => {
          const { id, method } = JSON.parse(String(data)) as { id: number; method: string }
          if (method !== 'subscription') return
          this.#followers.set(line, id)
          line.send(JSON.stringify({ id, result: { type: 'started' } }))
          this.tell({ type: 'live' })
        })
        line.on('close', () => this.#followers.delete(line))
      })
    })
    this.#http.listen(0, '127.0.0.1')
    await once(this.#http, 'listening')
    return this
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`
  }

  get followers(): number {
    return this.#followers.size
  }

  /** Over the feed. */
  tell(data: unknown): void {
    for (const [line, id] of this.#followers) {
      const result = { type: 'data', id: cursor(1), data: { id: cursor(1), data } }
      line.send(JSON.stringify({ id, result }))
    }
  }

  pathsHeard(): string[] {
    return this.heard.map(({ path }) => path)
  }

  async close(): Promise<void> {
    for (const client of this.#sockets.clients) client.terminate()
    this.#http.closeAllConnections()
    this.#http.close()
    await once(this.#http, 'close')
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?', 1)[0]?.replace('/trpc/', '') ?? ''
    let body = ''
    for await (const chunk of request) body += String(chunk)
    this.heard.push({ path, body })
    if (this.instead !== null) return this.instead(request, response)
    const headers = { 'content-type': 'application/json', ...(this.date && { date: this.date }) }
    response.writeHead(200, headers)
    response.end(JSON.stringify({ result: { data: this.answers.get(path) ?? null } }))
  }
}

const signedIn = (personId = ME): SignInOutput => ({
  tokens: {
    accessToken: 'access',
    accessExpiresAt: '2100-01-01T00:00:00.000Z',
    accessExpiresInSeconds: 600,
    refreshToken: 'refresh',
    sessionEndsAt: '2100-02-01T00:00:00.000Z',
  },
  sessionId: someId(),
  person: person({ id: personId, fullName: 'Ana Ruiz', teamIds: [TEAM] }),
  email: 'ana@parley.example',
  serverTime: new Date().toISOString(),
  deviceSecret: 'a secret of this device',
  recoveryCodes: null,
})
const page = (items: unknown[]) => ({
  cursor: cursor(1),
  items,
  nextPage: null,
  coverage: { open: true, closedSince: null },
})
const row = conversation({ teamId: TEAM, assignedTo: ME, status: 'assigned' })
const ROWS = [
  { op: 'put', kind: 'customer', row: customer(row.customerId, { name: 'Lucía' }) },
  { op: 'put', kind: 'conversation', row, whole: true },
]

let home: string
let folder: string
let secrets: Map<string, string>
let account: StoredAccount | null
let server: FalseServer
let other: FalseServer
let engine: Engine
let browsersOpened: number
let connection: BridgeEvents['connection'] | null
let policy: Pick<EngineHost, 'fixedServerUrl' | 'allowsHttp'>

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'parley-hostile-'))
  folder = join(home, 'data')
  mkdirSync(folder)
  secrets = new Map()
  account = null
  browsersOpened = 0
  connection = null
  policy = { fixedServerUrl: null, allowsHttp: false }
  server = await new FalseServer().open()
  other = await new FalseServer().open()
  for (const each of [server, other]) {
    each.answers.set('session.signIn', signedIn())
    each.answers.set('sync.bootstrap', page(ROWS))
  }
  newEngine()
  await engine.start()
})
afterEach(async () => {
  await engine.stop()
  await server.close()
  await other.close()
  rmSync(home, { recursive: true, force: true })
})

function newEngine(): void {
  const host: EngineHost = {
    dataFolder: folder,
    deviceName: 'test',
    platform: 'linux',
    ...policy,
    leaseMs: 72 * 3_600_000,
    defaultServerUrl: '',
    readSecret: async (name) => secrets.get(name) ?? null,
    writeSecret: async (name, value) => {
      if (value === null) secrets.delete(name)
      else secrets.set(name, value)
    },
    openBrowser: async () => void (browsersOpened += 1),
    cameBack: () => {},
    readAccount: async () => account,
    writeAccount: async (next) => void (account = next),
  }
  engine = new Engine(host, {
    bridge: (event, payload) => {
      if (event === 'connection') connection = payload as BridgeEvents['connection']
    },
    notice: () => {},
  })
}

async function restart(): Promise<SessionView> {
  await engine.stop()
  newEngine()
  await engine.start()
  return await ask<SessionView>('session.get')
}

async function ask<Answer>(method: EngineMethod, input?: unknown): Promise<Answer> {
  const result = await engine.call(method, input)
  if (!result.ok) throw new Error(result.error.code)
  return result.value as Answer
}

const signIn = (serverUrl = server.url): Promise<SessionView> =>
  ask('session.signIn', { serverUrl, email: 'ana@parley.example', password: 'correct horse' })
const listed = async (): Promise<number> =>
  (await ask<{ total: number }>('inbox.list', { view: { kind: 'open' }, limit: 5 })).total
const online = (): Promise<void> => vi.waitFor(() => expect(connection?.state).toBe('online'))
const notUnderstood = (): Promise<void> =>
  vi.waitFor(() => expect(connection).toMatchObject({ state: 'offline', isNotUnderstood: true }))

describe('an answer that is none', () => {
  const client = (heard: () => void = () => {}): ServerClient =>
    new ServerClient(
      server.url,
      { read: () => signedIn().tokens, write: () => {} },
      { disconnected: () => {}, sessionEnded: () => {}, heard, clock: () => {} },
    )
  async function codeOf(line: ServerClient, path: string): Promise<string> {
    const [group = '', name = ''] = path.split('.')
    const asked = line.ask((trpc) => {
      const procedures = trpc as unknown as Record<
        string,
        Record<string, { mutate(input: unknown): Promise<unknown> }>
      >
      const procedure = procedures[group]?.[name]
      if (procedure === undefined) throw new Error(`there is no ${path}`)
      return procedure.mutate({})
    })
    return asked.then(
      () => 'understood',
      (error: unknown) => toRefusal(error).error.code,
    )
  }

  test('to any procedure is an error with a name, and nothing is seen of it', async () => {
    const line = client()
    const deep = JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`) as unknown
    const anything = ['words', 7, true, { hostile: true }, [{ hostile: true }], deep]
    for (const path of Object.keys(ANSWERS).filter((one) => one !== 'sync.feed')) {
      for (const answer of anything) {
        server.answers.set(path, answer)
        expect([path, await codeOf(line, path)]).toEqual([path, 'not_understood'])
      }
    }
    line.close()
  })

  test('does not count as having reached the server', async () => {
    let heard = 0
    const line = client(() => (heard += 1))
    server.answers.set('people.skills', 'words')
    expect([await codeOf(line, 'people.skills'), heard]).toEqual(['not_understood', 0])
    server.answers.set('people.skills', [])
    expect([await codeOf(line, 'people.skills'), heard]).toEqual(['understood', 1])
    line.close()
  })

  test('nor is what nobody has said how to understand', async () => {
    const line = client()
    expect(await codeOf(line, 'people.revokeSessions')).toBe('not_understood')
    line.close()
  })

  test('whatever the engine asks it knows the answer of, and no other', () => {
    const root = join(import.meta.dirname, '..')
    const asked = globSync('**/*.ts', { cwd: root })
      .filter((file) => !file.endsWith('.test.ts'))
      .flatMap((file) => [
        ...readFileSync(join(root, file), 'utf8').matchAll(
          /trpc\.(\w+\.\w+)\.(?:query|mutate|subscribe)/g,
        ),
      ])
      .map(([, path]) => path)
    expect([...new Set(asked)].toSorted()).toEqual(Object.keys(ANSWERS).toSorted())
  })

  test('that is a refusal without a code we know stays a refusal; one that is none is not believed', async () => {
    const line = client()
    const refuse = (app: unknown) => (_: unknown, response: ServerResponse) => {
      response.writeHead(400, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ error: { code: -32_000, message: 'x', data: { app } } }))
    }
    server.instead = refuse({ code: 'of_a_newer_server', details: { by: 1 } })
    expect(await codeOf(line, 'tags.remove')).toBe('of_a_newer_server')
    for (const app of ['words', 7, null, { code: 7 }, { code: 'conflict', details: 'words' }]) {
      server.instead = refuse(app)
      expect(await codeOf(line, 'tags.remove')).toBe('not_understood')
    }
    line.close()
  })
})

describe('a false server', () => {
  test('names no file: what it says to be somebody’s id is read as one, or not at all', async () => {
    const victim = join(home, 'victim.db')
    writeFileSync(victim, 'somebody else’s')
    for (const id of ['x/../../victim', '../victim', 'C:\\victim', '', 'x'.repeat(5000)]) {
      server.answers.set('session.signIn', {
        ...signedIn(),
        person: person({ id, teamIds: [TEAM] }),
      })
      await expect(signIn()).rejects.toThrow('not_understood')
    }
    expect(readFileSync(victim, 'utf8')).toBe('somebody else’s')
    expect([readdirSync(home).toSorted(), readdirSync(folder)]).toEqual([['data', 'victim.db'], []])
    expect([secrets.size, account]).toEqual([0, null])
    server.answers.set('session.signIn', signedIn())
    await signIn()
    expect(readdirSync(folder).every((name) => /^cache-[0-9a-f]{32}\.db/.test(name))).toBe(true)
    expect(JSON.stringify([readdirSync(folder), ...secrets.keys()])).not.toContain(ME)
  })

  test('loads nothing that is no row, says so, and is asked again', async () => {
    const broken = { op: 'put', kind: 'conversation', row: { ...row, status: '<script>' } }
    server.answers.set('sync.bootstrap', page([...ROWS, broken]))
    await signIn()
    await notUnderstood()
    expect(await listed()).toBe(0)
    server.answers.set('sync.bootstrap', page(ROWS))
    await ask('connection.retryNow')
    await online()
    expect(connection?.isNotUnderstood).toBe(false)
    expect(await listed()).toBe(1)
  })

  test('changes nothing by a batch of which one row is none; a kind that only a newer one knows is passed over', async () => {
    await signIn()
    await online()
    const more = conversation({ teamId: TEAM, assignedTo: ME, status: 'assigned' })
    const whole = { op: 'put', kind: 'conversation', row: more, whole: true }
    const items = [whole, { op: 'remove', kind: 'conversation', id: '../x' }]
    server.tell({ type: 'batch', batch: { cursor: cursor(2), items } })
    await notUnderstood()
    expect(await listed()).toBe(1)
    await ask('connection.retryNow')
    await online()
    const newer = [{ op: 'put', kind: 'of_a_newer_server', row: { id: 7 } }, whole]
    server.tell({ type: 'batch', batch: { cursor: cursor(3), items: newer } })
    await vi.waitFor(async () => expect(await listed()).toBe(2))
    server.tell('words')
    await notUnderstood()
    expect(await listed()).toBe(2)
  })

  test.each(['yesterday', 'Sat, 13 Sep 275760 00:00:00 GMT', 'Fri, 01 Jan 1000 00:00:00 GMT'])(
    'whose clock says %s moves none here',
    async (date) => {
      server.date = date
      await signIn()
      await online()
      expect(connection?.clockOffsetMs).toBe(0)
      expect(await ask('connection.get')).toMatchObject({ state: 'online' })
    },
  )
})

describe('what is said to one server is said to no other', () => {
  test.each([301, 302, 303, 307, 308])('a redirect (%i) is not followed', async (status) => {
    const elsewhere = (_: IncomingMessage, response: ServerResponse) =>
      response.writeHead(status, { location: `${other.url}/trpc/session.signIn` }).end()
    server.instead = elsewhere
    await expect(signIn()).rejects.toThrow('server_unreachable')
    expect([server.heard.length, other.heard.length]).toEqual([1, 0])
    server.instead = null
    await signIn()
    await online()
    server.instead = elsewhere
    await expect(ask('people.skills')).rejects.toThrow('server_unreachable')
    expect(other.heard).toEqual([])
  })

  test.each([
    'http://parley.example',
    'http://10.0.0.1:4000',
    'http://127.0.0.1.parley.example',
    'http://localhost.parley.example',
    'http://[::2]',
  ])('a password does not go in the clear to %s', async (url) => {
    const sent = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('no network here'))
    await expect(signIn(url)).rejects.toThrow('insecure_server')
    expect(sent).not.toHaveBeenCalled()
    policy.allowsHttp = true
    await restart()
    await expect(signIn(url)).rejects.toThrow('server_unreachable')
    expect(sent).toHaveBeenCalledOnce()
    sent.mockRestore()
  })

  test.each([
    'https://ana:words@parley.example',
    'https://parley.example?words',
    'https://parley.example/#words',
  ])('nor do other words by an address: %s', async (url) => {
    await expect(signIn(url)).rejects.toThrow('invalid_input')
  })

  test('while somebody is signed in, or locked out, a page signs in nowhere else', async () => {
    await signIn()
    await online()
    for (const url of [other.url, server.url]) await expect(signIn(url)).rejects.toThrow('conflict')
    const ended = { code: 'session_ended', details: { reason: 'expired' } }
    server.instead = (_, response) => {
      response.writeHead(401, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ error: { code: -32_001, message: 'x', data: { app: ended } } }))
    }
    await expect(ask('people.skills')).rejects.toThrow('session_ended')
    expect(await ask('session.get')).toMatchObject({ state: 'locked', because: 'expired' })
    await expect(signIn(other.url)).rejects.toThrow('conflict')
    expect(other.heard).toEqual([])
    server.instead = null
    expect(await signIn()).toMatchObject({ state: 'signed_in' })
    await ask('session.signOut', { discardUnsent: false })
    expect(await signIn(other.url)).toMatchObject({ state: 'signed_in', serverUrl: other.url })
  })

  test('nor does it get in, or ask who may, elsewhere by any other way', async () => {
    await signIn()
    await online()
    const { url: serverUrl } = other
    const [token, password, providerId] = ['t'.repeat(43), 'correct horse', someId()]
    const ways: [EngineMethod, object][] = [
      ['session.lookAtLink', { serverUrl, token }],
      ['session.useLink', { serverUrl, token, password, code: null }],
      ['session.signOnOptions', { serverUrl }],
      ['session.signOn', { serverUrl, providerId }],
    ]
    for (const [method, input] of ways) await expect(ask(method, input)).rejects.toThrow('conflict')
    expect([other.heard, browsersOpened]).toEqual([[], 0])
  })

  test('another server that names the same person has nothing of theirs, tokens and words included', async () => {
    await signIn()
    await online()
    await ask('conversation.saveDraft', { conversationId: row.id, text: 'de este servidor' })
    await engine.stop()
    // The account is no secret, and anybody who can write there may say another address.
    account = { ...(account as StoredAccount), serverUrl: other.url }
    newEngine()
    await engine.start()
    expect(await ask('session.get')).toMatchObject({ state: 'locked', unsentCount: 0 })
    expect(other.heard).toEqual([])
    await signIn(other.url)
    await online()
    expect(await ask('session.unsent')).toEqual([])
    expect(JSON.stringify(other.heard)).not.toMatch(/refresh|de este servidor/)
    await engine.stop()
    account = { ...(account as StoredAccount), serverUrl: server.url }
    newEngine()
    await engine.start()
    expect(await ask('session.unsent')).toMatchObject([{ text: 'de este servidor' }])
  })
})

describe('the server that IT has fixed', () => {
  test('is the only one, for whoever is signed in elsewhere too: what they had goes, but for their words', async () => {
    await signIn()
    await online()
    await ask('conversation.saveDraft', { conversationId: row.id, text: 'mi borrador' })
    await engine.stop()
    server.heard.length = 0
    policy.fixedServerUrl = other.url
    const isLocked = {
      state: 'locked',
      because: 'server_not_allowed',
      serverUrl: server.url,
      words: { lost: 0, unsent: [{ customerName: 'Lucía', text: 'mi borrador' }] },
    }
    expect(await restart()).toMatchObject(isLocked)
    expect(await restart()).toMatchObject(isLocked)
    await expect(listed()).rejects.toThrow('session_ended')
    expect([server.heard, other.heard]).toEqual([[], []])
    expect(await ask('session.signOut', { discardUnsent: true })).toMatchObject({
      state: 'signed_out',
      serverUrl: other.url,
      serverLocked: true,
    })
    expect([readdirSync(folder), secrets.size]).toEqual([[], 0])
    // Whatever a page says.
    expect(await signIn(server.url)).toMatchObject({ serverUrl: other.url })
    expect(server.heard).toEqual([])
  })

  test('without words nothing is left, and it is said why; the same server by another spelling is the same', async () => {
    await signIn()
    await online()
    policy.fixedServerUrl = `${server.url}/`
    expect(await restart()).toMatchObject({ state: 'signed_in' })
    policy.fixedServerUrl = other.url
    expect(await restart()).toMatchObject({ state: 'signed_out', because: 'server_not_allowed' })
    expect([readdirSync(folder), secrets.size]).toEqual([[], 0])
  })
})
