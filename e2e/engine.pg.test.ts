import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import {
  type BridgeEvents,
  type BridgeInput,
  type EngineMethod,
  type EngineOutputs,
  type InboxList,
  type Reading,
  type SessionView,
  type ShownMethod,
  type ThreadPage,
  SHOWN_METHODS,
  withChanges,
} from '@parley/contracts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { Engine, type Notice } from '../apps/desktop/src/engine/engine.ts'
import { REGISTRY } from '../apps/desktop/src/engine/features.ts'
import { type EngineHost, type StoredAccount } from '../apps/desktop/src/engine/host.ts'
import { Store } from '../apps/desktop/src/engine/store/store.ts'
import {
  conversationOf,
  newCustomer,
  stateOf,
  write,
} from '../apps/server/src/testing/conversations.ts'
import {
  PASSWORD,
  eventually,
  newId,
  startTestServer,
  type TestClient,
  type TestPerson,
  type TestServer,
} from '../apps/server/src/testing/test-server.ts'

/** The engine against the real server, without a window: what a workstation goes through in a year. */

let server: TestServer
let admin: TestClient

beforeAll(async () => {
  server = await startTestServer()
  admin = await server.signIn(await server.addPerson({ role: 'admin', teamIds: [] }))
})
afterAll(async () => {
  admin.close()
  await server.stop()
})

const isOfLine = ({ topics }: BridgeEvents['changed']): boolean => topics.join() === 'beside'

/** A machine's way to the server, which can be cut. */
class Line {
  #isCut = false
  readonly #open = new Set<Socket>()
  readonly #relay = createServer((near) => {
    if (this.#isCut) return void near.destroy()
    this.#open.add(near)
    near.on('close', () => this.#open.delete(near))
    const far = connect(Number(new URL(server.url).port), '127.0.0.1')
    near.pipe(far).pipe(near)
    near.on('error', () => far.destroy())
    far.on('error', () => near.destroy())
  })

  async open(): Promise<void> {
    if (this.#relay.listening) return
    await new Promise<void>((resolve) => this.#relay.listen(0, '127.0.0.1', resolve))
  }

  cut(): void {
    this.#isCut = true
    for (const socket of this.#open) socket.destroy()
  }

  mend(): void {
    this.#isCut = false
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#relay.address() as AddressInfo).port}`
  }

  close(): void {
    this.cut()
    this.#relay.close()
  }
}

/** One machine: what stays on it between starts of the workstation. */
class Machine {
  readonly folder = mkdtempSync(join(tmpdir(), 'parley-machine-'))
  readonly secrets = new Map<string, string>()
  readonly line = new Line()
  /** By a way that can be cut; else straight, as fast as the server itself. */
  isRelayed = false
  account: StoredAccount | null = null
  engine: Engine | null = null
  session: SessionView | null = null
  connection: BridgeEvents['connection'] | null = null
  notices: Notice[] = []
  /** The line as the window heard of it, and of what the server adds to the cache. */
  readonly heard: string[] = []

  async start(): Promise<this> {
    await this.line.open()
    const host: EngineHost = {
      dataFolder: this.folder,
      deviceName: 'test',
      platform: 'linux',
      fixedServerUrl: null,
      allowsHttp: false,
      leaseMs: 72 * 3600_000,
      defaultServerUrl: this.url,
      readSecret: async (name) => this.secrets.get(name) ?? null,
      writeSecret: async (name, value) => {
        if (value === null) this.secrets.delete(name)
        else this.secrets.set(name, value)
      },
      openBrowser: async () => {},
      cameBack: () => {},
      readAccount: async () => this.account,
      writeAccount: async (account) => {
        this.account = account
      },
    }
    this.engine = new Engine(host, {
      bridge: (event, payload) => {
        if (event === 'session') this.session = payload as SessionView
        if (event === 'connection') {
          this.connection = payload as BridgeEvents['connection']
          if (this.heard.at(-1) !== this.connection.state) this.heard.push(this.connection.state)
        }
        if (event === 'changed' && isOfLine(payload as BridgeEvents['changed']))
          this.heard.push('beside')
      },
      notice: (notice) => this.notices.push(notice),
    })
    await this.engine.start()
    this.session = await this.ask('session.get', undefined)
    return this
  }

  get url(): string {
    return this.isRelayed ? this.line.url : server.url
  }

  async stop(): Promise<void> {
    await this.engine?.stop()
    this.engine = null
  }

  async ask<Method extends EngineMethod>(
    method: Method,
    input: BridgeInput<Method>,
  ): Promise<EngineOutputs[Method]> {
    const result = await this.engine?.call(method, input)
    if (result === undefined) throw new Error('the workstation is not running')
    if (!result.ok) throw new Error(result.error.code)
    return result.value as EngineOutputs[Method]
  }

  /** As the window does, which holds the answer of this id. */
  async read<Method extends ShownMethod>(
    method: Method,
    input: BridgeInput<Method>,
    held: number | null,
  ): Promise<Reading<EngineOutputs[Method]>> {
    const result = await this.engine?.read(method, input, held)
    if (result === undefined) throw new Error('the workstation is not running')
    if (!result.ok) throw new Error(result.error.code)
    return result.value as Reading<EngineOutputs[Method]>
  }

  async signIn(person: TestPerson): Promise<this> {
    await this.ask('session.signIn', {
      serverUrl: this.url,
      email: person.email,
      password: PASSWORD,
      code: null,
    })
    return this.online()
  }

  async online(): Promise<this> {
    await eventually(() => expect(this.connection?.state).toBe('online'))
    return this
  }

  async ids(view: InboxList['view'] = { kind: 'open' }): Promise<string[]> {
    const { sections } = await this.ask('inbox.list', { view, limit: 500 })
    return sections.flatMap(({ rows }) => rows.map(({ id }) => id))
  }

  /** Beside the running workstation, as another connection to its file. */
  editRunning(work: (store: Store) => void): void {
    this.edit((store) => store.write(() => work(store)))
  }

  /** Opens the cache's file while the workstation is off. */
  edit(work: (store: Store) => void): void {
    const [file] = readdirSync(this.folder).filter((name) => name.endsWith('.db'))
    const [key] = this.secrets.values()
    const store = Store.open(join(this.folder, file as string), key as string, REGISTRY.features)
    work(store)
    store.close()
  }
}

let machine: Machine

beforeEach(() => {
  machine = new Machine()
})
afterEach(async () => {
  await machine.stop()
  machine.line.close()
  rmSync(machine.folder, { recursive: true, force: true })
})

const agent = (teamIds: string[], capacity = 0): Promise<TestPerson> =>
  server.addPerson({ role: 'agent', teamIds, capacity })
const sale = async (): Promise<string> =>
  (await conversationOf(server, await write(server, newCustomer(), 'quiero comprar'))).id

describe('a workstation', () => {
  test('shows its cache before any connection, and then what it missed', async () => {
    await machine.start()
    await machine.signIn(await agent([server.teams.sales]))
    const before = await sale()
    await eventually(async () => expect(await machine.ids()).toContain(before))
    await machine.stop()
    const missed = await sale()
    await machine.start()
    expect(machine.session).toMatchObject({ state: 'signed_in' })
    expect(await machine.ids()).toContain(before)
    await eventually(async () => expect(await machine.ids()).toContain(missed))
  })

  test('whose access token ran out renews it without a word', async () => {
    await machine.start()
    await machine.signIn(await agent([server.teams.sales]))
    await machine.stop()
    machine.edit((store) => {
      // As the server sees one that is over; by this machine's clock it is good for years.
      const tokens = JSON.parse(store.getMeta('tokens') as string) as Record<string, string>
      const worn = { accessToken: 'over', accessExpiresAt: '2100-01-01T00:00:00.000Z' }
      store.setMeta('tokens', JSON.stringify({ ...tokens, ...worn }))
    })
    await machine.start()
    await machine.online()
    const missed = await sale()
    await eventually(async () => expect(await machine.ids()).toContain(missed))
    // Over HTTP, too.
    await machine.ask('conversation.claim', { conversationId: missed })
    await eventually(() => expect(machine.connection?.waiting).toBe(0))
    expect(await machine.ask('outbox.list', undefined)).toEqual([])
  })

  test('whose token is over in the middle of a shift goes on without a word', async () => {
    await machine.start()
    const person = await agent([server.teams.sales])
    await machine.signIn(person)
    const id = await sale()
    await eventually(async () => expect(await machine.ids()).toContain(id))
    // The line stays open, which needs no token any more; only requests do.
    machine.editRunning((store) => {
      const tokens = JSON.parse(store.getMeta('tokens') as string) as Record<string, string>
      store.setMeta('tokens', JSON.stringify({ ...tokens, accessToken: 'over' }))
    })
    await machine.ask('conversation.claim', { conversationId: id })
    await eventually(async () => expect((await stateOf(server, id)).assigned_to).toBe(person.id))
    expect(machine.connection?.state).toBe('online')
  })

  test('forgets messages that a restore from backup has taken', async () => {
    await machine.start()
    await machine.signIn(await agent([server.teams.sales]))
    const customer = newCustomer()
    const { id } = await conversationOf(server, await write(server, customer, 'quiero comprar'))
    await write(server, customer, '¿hola?')
    const texts = async (): Promise<(string | null)[]> => {
      const page = await machine.ask('conversation.thread', {
        conversationId: id,
        before: null,
        limit: 50,
      })
      return page.entries.flatMap((entry) => (entry.type === 'message' ? [entry.message.text] : []))
    }
    await eventually(async () => expect(await texts()).toEqual(['quiero comprar', '¿hola?']))
    await machine.stop()
    await server.database.pool.query(
      `DELETE FROM messages WHERE conversation_id = $1 AND content_text = '¿hola?'`,
      [id],
    )
    await server.database.pool.query('UPDATE feed_state SET epoch = gen_random_uuid()')
    await machine.start()
    await machine.online()
    expect(await texts()).toEqual(['quiero comprar'])
  })

  test('loads afresh after a restore from backup, behind the running view', async () => {
    await machine.start()
    await machine.signIn(await agent([server.teams.sales]))
    const id = await sale()
    await eventually(async () => expect(await machine.ids()).toContain(id))
    await machine.stop()
    await server.database.pool.query('UPDATE feed_state SET epoch = gen_random_uuid()')
    machine.edit((store) => store.run(`UPDATE conversations SET version = version + 1000`))
    await machine.start()
    expect(await machine.ids()).toContain(id)
    await machine.online()
    // The old versions were higher; what the server says now counts all the same.
    await admin.trpc.conversations.close.mutate({
      intentId: newId(),
      conversationId: id,
      reason: 'spam',
    })
    await eventually(async () => expect(await machine.ids()).not.toContain(id))
  })

  test('gains and loses what its person’s teams do', async () => {
    await machine.start()
    const person = await agent([server.teams.sales])
    await machine.signIn(person)
    const mine = await sale()
    const problem = (
      await conversationOf(server, await write(server, newCustomer(), 'tengo un error'))
    ).id
    await eventually(async () => expect(await machine.ids()).toContain(mine))
    expect(await machine.ids()).not.toContain(problem)
    await admin.trpc.people.setTeams.mutate({ userId: person.id, teamIds: [server.teams.support] })
    await eventually(async () => {
      const ids = await machine.ids()
      expect(ids).toContain(problem)
      expect(ids).not.toContain(mine)
    })
  })

  test('reads again what the server adds to it, when the line is lost and when it is back', async () => {
    await machine.start()
    await machine.signIn(await agent([server.teams.sales]))
    machine.heard.length = 0
    machine.engine?.wake()
    await eventually(() =>
      expect(machine.heard).toEqual(['connecting', 'beside', 'online', 'beside']),
    )
  })

  test('sends what was done offline, in order, once, also after a restart', async () => {
    machine.isRelayed = true
    await machine.start()
    const person = await agent([server.teams.sales])
    await machine.signIn(person)
    const id = await sale()
    await eventually(async () => expect(await machine.ids()).toContain(id))
    await machine.ask('conversation.claim', { conversationId: id })
    await eventually(async () => expect((await stateOf(server, id)).assigned_to).toBe(person.id))
    // The server's answer may still be on its way.
    await eventually(() => expect(machine.connection?.waiting).toBe(0))
    // The outbox is written and the machine switched off before anything is sent.
    await machine.stop()
    machine.line.cut()
    await machine.start()
    await machine.ask('conversation.reply', { conversationId: id, text: 'uno' })
    await machine.ask('conversation.reply', { conversationId: id, text: 'dos' })
    await machine.ask('conversation.close', { conversationId: id, reason: 'resolved' })
    expect(machine.connection?.waiting).toBe(3)
    await machine.stop()
    machine.line.mend()
    await machine.start()
    await eventually(async () => expect((await stateOf(server, id)).status).toBe('closed'))
    await eventually(() => {
      const texts = server.graph.accepted
        .map(({ text }) => text)
        .filter((text) => ['uno', 'dos'].includes(text))
      expect(texts).toEqual(['uno', 'dos'])
    })
    await eventually(async () => expect(await machine.ask('outbox.list', undefined)).toEqual([]))
  })

  test('keeps a refused intent until its person has decided', async () => {
    machine.isRelayed = true
    await machine.start()
    const person = await agent([server.teams.sales])
    await machine.signIn(person)
    const id = await sale()
    await eventually(async () => expect(await machine.ids()).toContain(id))
    await machine.stop()
    machine.line.cut()
    await machine.start()
    await machine.ask('conversation.claim', { conversationId: id })
    const faster = await agent([server.teams.sales])
    const asFaster = await server.signIn(faster)
    await asFaster.trpc.conversations.claim.mutate({ intentId: newId(), conversationId: id })
    asFaster.close()
    await machine.stop()
    machine.line.mend()
    await machine.start()
    await eventually(async () => {
      const [intent] = await machine.ask('outbox.list', undefined)
      expect(intent).toMatchObject({
        kind: 'claim',
        state: 'refused',
        refusal: { code: 'conflict', details: { by: faster.id } },
      })
    })
    const [intent] = await machine.ask('outbox.list', undefined)
    await machine.ask('outbox.discard', { intentId: intent?.intentId as string })
    expect(machine.connection).toMatchObject({ waiting: 0, refused: 0 })
  })

  /** What comes of all that the window shows, with whatever there may be to say to it. */
  const toldOf = async (one: Machine): Promise<string[]> => {
    const asked = [...SHOWN_METHODS].map((method) =>
      one.ask(method as ShownMethod, {} as never).then(
        () => `${method} answered`,
        (error: Error) => error.message,
      ),
    )
    return [...new Set(await Promise.all(asked))]
  }

  test('whose session was revoked forgets everything', async () => {
    await machine.start()
    const person = await agent([server.teams.sales])
    await machine.signIn(person)
    await admin.trpc.people.revokeSessions.mutate({ userId: person.id })
    await eventually(() =>
      expect(machine.session).toMatchObject({ state: 'signed_out', because: 'device_revoked' }),
    )
    expect(readdirSync(machine.folder)).toEqual([])
    expect(machine.secrets.size).toBe(0)
  })

  test.each<[string, (person: TestPerson) => Promise<unknown>]>([
    ['revoked', ({ id }) => admin.trpc.people.revokeSessions.mutate({ userId: id })],
    [
      'deactivated',
      ({ id }) => admin.trpc.people.setActive.mutate({ userId: id, isActive: false }),
    ],
    [
      'token_reused',
      ({ id }) =>
        server.database.pool.query(
          `UPDATE sessions SET ended_at = NOW(), end_reason = 'token_reused' WHERE user_id = $1`,
          [id],
        ),
    ],
  ])('%s while it was off keeps nothing but unsent words, also after a restart', async (_, end) => {
    machine.isRelayed = true
    await machine.start()
    const person = await agent([server.teams.sales])
    await machine.signIn(person)
    const customer = newCustomer('Lucía Barrientos')
    const { id } = await conversationOf(
      server,
      await write(server, customer, 'quiero comprar algo ajeno'),
    )
    await eventually(async () => expect(await machine.ids()).toContain(id))
    await machine.stop()
    machine.line.cut()
    await machine.start()
    await machine.ask('conversation.claim', { conversationId: id })
    await machine.ask('conversation.saveDraft', { conversationId: id, text: 'mi borrador' })
    const [key] = machine.secrets.values()
    await machine.stop()
    await end(person)
    machine.line.mend()
    await machine.start()
    const isLocked = {
      state: 'locked',
      because: 'withdrawn',
      words: {
        lost: 0,
        unsent: expect.arrayContaining([
          expect.objectContaining({ kind: 'claim', conversationId: id }),
          expect.objectContaining({ kind: null, text: 'mi borrador' }),
        ]),
      },
    }
    await eventually(() => expect(machine.session).toMatchObject(isLocked))
    for (const again of [false, true]) {
      if (again) {
        await machine.stop()
        await machine.start()
        expect(machine.session).toMatchObject(isLocked)
      }
      expect(await toldOf(machine)).toEqual(['session_ended'])
      await expect(machine.ask('search.query', { text: 'ajeno', limit: 5 })).rejects.toThrow(
        'session_ended',
      )
    }
    await machine.stop()
    expect([...machine.secrets.values()]).not.toContain(key)
    machine.edit((store) => {
      expect(store.value('SELECT COUNT(*) FROM conversations')).toBe(0)
      expect(store.value('SELECT COUNT(*) FROM messages')).toBe(0)
      expect(store.value('SELECT COUNT(*) FROM customers')).toBe(0)
      expect(store.getMeta('tokens')).toBeNull()
    })
    await machine.start()
    await machine.ask('session.signOut', { discardUnsent: true })
    expect(readdirSync(machine.folder)).toEqual([])
    expect(machine.secrets.size).toBe(0)
  })

  test('whose access was withdrawn and given again has its words back, and sends them', async () => {
    machine.isRelayed = true
    await machine.start()
    const person = await agent([server.teams.sales])
    await machine.signIn(person)
    const id = await sale()
    await eventually(async () => expect(await machine.ids()).toContain(id))
    await machine.stop()
    machine.line.cut()
    await machine.start()
    await machine.ask('conversation.claim', { conversationId: id })
    await admin.trpc.people.revokeSessions.mutate({ userId: person.id })
    await machine.stop()
    machine.line.mend()
    await machine.start()
    await eventually(() => expect(machine.session).toMatchObject({ state: 'locked' }))
    await machine.signIn(person)
    await eventually(async () => expect((await stateOf(server, id)).assigned_to).toBe(person.id))
    expect(machine.session).toMatchObject({ carriedOver: { because: 'withdrawn' } })
  })

  test('whose session is over is locked until the same person is back; somebody else finds nothing', async () => {
    machine.isRelayed = true
    await machine.start()
    const [ana, bruno] = [await agent([server.teams.sales]), await agent([server.teams.support])]
    await machine.signIn(ana)
    const id = await sale()
    await eventually(async () => expect(await machine.ids()).toContain(id))
    await machine.ask('conversation.saveDraft', { conversationId: id, text: 'de Ana' })
    const end = (person: TestPerson) =>
      server.database.pool.query(
        `UPDATE sessions SET ended_at = NOW(), end_reason = 'expired' WHERE user_id = $1`,
        [person.id],
      )
    const isLocked = { state: 'locked', because: 'expired', unsentCount: 1, words: null }
    await end(ana)
    await machine.stop()
    await machine.start()
    await eventually(() => expect(machine.session).toMatchObject(isLocked))
    machine.notices = []
    expect(await toldOf(machine)).toEqual(['session_ended'])
    await machine.stop()
    // Without any line, too.
    machine.line.cut()
    await machine.start()
    expect(machine.session).toMatchObject(isLocked)
    expect(await toldOf(machine)).toEqual(['session_ended'])
    expect(machine.notices).toEqual([])
    machine.line.mend()

    await machine.signIn(ana)
    expect(await machine.ids()).toContain(id)
    expect(await machine.ask('session.unsent', undefined)).toMatchObject([{ text: 'de Ana' }])

    await end(ana)
    await machine.stop()
    await machine.start()
    await eventually(() => expect(machine.session).toMatchObject(isLocked))
    await machine.signIn(bruno)
    expect(await machine.ids()).not.toContain(id)
    expect(await machine.ask('session.unsent', undefined)).toEqual([])
    expect(JSON.stringify(machine.session)).not.toContain('Ana')
    await machine.ask('session.signOut', { discardUnsent: false })

    await machine.signIn(ana)
    expect(await machine.ask('session.unsent', undefined)).toMatchObject([{ text: 'de Ana' }])
    await eventually(async () => expect(await machine.ids()).toContain(id))
  })

  test('knows when its session ends, and signs in again before that with all that is unsent', async () => {
    await machine.start()
    const ana = await agent([server.teams.sales])
    await machine.signIn(ana)
    const id = await sale()
    await eventually(async () => expect(await machine.ids()).toContain(id))
    await machine.ask('conversation.saveDraft', { conversationId: id, text: 'a media frase' })
    const endsAt = () => (machine.session?.state === 'signed_in' ? machine.session.endsAt : null)
    const before = endsAt()
    expect(Date.parse(String(before)) - Date.now()).toBeGreaterThan(29 * 24 * 3_600_000)

    expect(await machine.ask('session.lock', undefined)).toMatchObject({
      state: 'locked',
      because: 'expired',
      unsentCount: 1,
      words: null,
    })
    expect(await toldOf(machine)).toEqual(['session_ended'])
    await machine.signIn(ana)
    expect(Date.parse(String(endsAt()))).toBeGreaterThan(Date.parse(String(before)))
    expect(await machine.ids()).toContain(id)
    expect(await machine.ask('session.unsent', undefined)).toMatchObject([
      { text: 'a media frase' },
    ])
  })

  test('is not locked where nobody could be let in again', async () => {
    machine.isRelayed = true
    await machine.start()
    await machine.signIn(await agent([server.teams.sales]))
    await machine.stop()
    machine.line.cut()
    await machine.start()
    await expect(machine.ask('session.lock', undefined)).rejects.toThrow('server_unreachable')
    expect(machine.session).toMatchObject({ state: 'signed_in' })
    machine.line.mend()
  })

  test('signed out leaves nothing behind, and asks first while words are unsent', async () => {
    machine.isRelayed = true
    await machine.start()
    await machine.signIn(await agent([server.teams.sales]))
    const id = await sale()
    await eventually(async () => expect(await machine.ids()).toContain(id))
    await machine.stop()
    machine.line.cut()
    await machine.start()
    await machine.ask('conversation.claim', { conversationId: id })
    await expect(machine.ask('session.signOut', { discardUnsent: false })).rejects.toThrow(
      'conflict',
    )
    await machine.ask('session.signOut', { discardUnsent: true })
    expect(readdirSync(machine.folder)).toEqual([])
    expect(machine.secrets.size).toBe(0)
  })

  test('tells its window what has changed since the answer that it holds, and knows no answer of another session', async () => {
    const customer = newCustomer()
    const { id } = await conversationOf(server, await write(server, customer, 'quiero comprar'))
    const person = await agent([server.teams.sales])
    await machine.start()
    await machine.signIn(person)
    await eventually(async () => expect(await machine.ids()).toContain(id))
    const thread = { conversationId: id, before: null, limit: 60 }
    for (const text of ['uno azul', 'dos verdes', 'y cuatro rojos']) {
      await write(server, customer, text)
      await eventually(async () =>
        expect(JSON.stringify(await machine.ask('conversation.thread', thread))).toContain(text),
      )
    }
    const first = await machine.read('conversation.thread', thread, null)
    let held = { id: first.id, value: 'whole' in first ? first.whole : null }
    const follow = async () => {
      const reading = await machine.read('conversation.thread', thread, held.id)
      if (!('changes' in reading)) throw new Error('it came whole')
      const { changes } = reading
      expect(reading.id === held.id).toBe(changes === null)
      const value = changes === null ? held.value : withChanges(held.value, changes)
      held = { id: reading.id, value: value as ThreadPage }
    }
    await follow()
    await write(server, customer, 'un segundo mensaje')
    await eventually(async () => {
      await follow()
      expect(JSON.stringify(held.value)).toContain('un segundo mensaje')
    })
    await expect(
      machine.read('inbox.list', { view: { kind: 'open' }, limit: 0 }, null),
    ).rejects.toThrow('invalid_input')
    await follow()
    expect(await machine.ask('conversation.thread', thread)).toEqual(held.value)

    await machine.ask('session.signOut', { discardUnsent: true })
    await expect(machine.read('conversation.thread', thread, held.id)).rejects.toThrow(
      'unauthenticated',
    )
    for (const next of [person, await agent([server.teams.support])]) {
      await machine.signIn(next)
      expect(await machine.read('directory.get', undefined, held.id)).toHaveProperty('whole')
      const { id: directory } = await machine.read('directory.get', undefined, null)
      expect(await machine.read('conversation.thread', thread, held.id)).toHaveProperty('whole')
      await machine.ask('session.signOut', { discardUnsent: true })
      await machine.signIn(next)
      expect(await machine.read('directory.get', undefined, directory)).toHaveProperty('whole')
      await machine.ask('session.signOut', { discardUnsent: true })
    }
  })

  test('that has not reached its server for three days shows nothing before it has', async () => {
    machine.isRelayed = true
    await machine.start()
    await machine.signIn(await agent([server.teams.sales]))
    await machine.stop()
    machine.edit((store) =>
      store.setMeta('reachedAt', new Date(Date.now() - 73 * 3600_000).toISOString()),
    )
    machine.line.cut()
    await machine.start()
    expect(machine.session).toMatchObject({ state: 'not_opened', reason: 'lease' })
    await expect(machine.ids()).rejects.toThrow('not_kept')
    await machine.stop()
    machine.line.mend()
    await machine.start()
    await machine.online()
    expect(machine.session?.state).toBe('signed_in')
  })

  test('has an offer until it is decided, and what is accepted is its own at once', async () => {
    await machine.start()
    await server.database.pool.query(
      `UPDATE team_settings SET routing_mode = 'offer' WHERE team_id = $1`,
      [server.teams.support],
    )
    await machine.signIn(await agent([server.teams.support], 100))
    const customer = newCustomer('Lucía Barrientos')
    const { id } = await conversationOf(server, await write(server, customer, 'tengo un error'))
    const offerOf = async () =>
      (await machine.ask('offers.list', undefined)).find((one) => one.conversationId === id)
    const offer = await eventually(async () => {
      const found = await offerOf()
      if (found === undefined) throw new Error('it is not offered')
      return found
    })
    expect(offer).toMatchObject({
      conversationId: id,
      title: 'Lucía Barrientos',
      preview: { contentType: 'text', text: 'tengo un error' },
    })
    expect(machine.notices).toContainEqual(
      expect.objectContaining({ kind: 'offer', offerId: offer.id, teamName: 'Support' }),
    )
    // It outlives a restart: the cache has it.
    await machine.stop()
    await machine.start()
    expect(await offerOf()).toEqual(offer)
    await machine.online()
    expect(await machine.ask('offers.accept', { offerId: offer.id })).toEqual({
      conversationId: id,
    })
    const view = await machine.ask('conversation.get', { conversationId: id })
    expect(view?.row.status).toBe('assigned')
    await eventually(async () => {
      expect(await offerOf()).toBeUndefined()
      expect(machine.notices).toContainEqual({ kind: 'offer_over', offerId: offer.id })
    })
    await server.database.pool.query(
      `UPDATE team_settings SET routing_mode = 'auto' WHERE team_id = $1`,
      [server.teams.support],
    )
  })

  test('is told of what became its own, once', async () => {
    await machine.start()
    const person = await agent([server.teams.sales], 100)
    await machine.signIn(person)
    const customer = newCustomer('Lucía Barrientos')
    const { id } = await conversationOf(server, await write(server, customer, 'quiero comprar'))
    await eventually(() =>
      expect(machine.notices).toContainEqual(
        expect.objectContaining({
          kind: 'assigned',
          conversationId: id,
          customerName: 'Lucía Barrientos',
        }),
      ),
    )
    // Whatever happens the desktop is told how things stand at the start.
    const told = () => machine.notices.filter(({ kind }) => kind !== 'alert_state')
    const before = told().length
    await machine.stop()
    await machine.start()
    await machine.online()
    expect(told()).toHaveLength(before)
  })
})
