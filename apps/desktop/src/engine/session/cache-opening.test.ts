import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
  closeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type BridgeEvents, type EngineMethod, type SessionView } from '@parley/contracts'
import type Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { Engine } from '../engine.ts'
import { type Listener } from '../feature.ts'
import { REGISTRY } from '../features.ts'
import { saveDraft } from '../features/messaging/index.ts'
import { type EngineHost, type StoredAccount } from '../host.ts'
import { CacheTrouble } from '../store/cache-trouble.ts'
import { type Cache } from '../store/cache.ts'
import { type FeatureSteps } from '../store/steps.ts'
import { Store, openDatabase } from '../store/store.ts'
import { KEY, cursor, openCacheFile, openOutbox, put } from '../testing/open-cache.ts'
import { conversation, customer, message, person, someId, team } from '../testing/rows.ts'
import { cacheNameOf } from './personal-cache.ts'
import { SessionKeeper } from './session-keeper.ts'

/** A real engine on real files, whose server cannot be reached. */

const ME = '01890a5d-ac96-774b-bcce-b302099a8001'
const TEAM = '01890a5d-ac96-774b-bcce-b302099a8002'
const SERVER = 'http://127.0.0.1:9'
const NAME = cacheNameOf({ personId: ME, serverUrl: SERVER })
const KEY_NAME = `cache-key-${NAME}`
const PAGE = 4096
const TOKENS = JSON.stringify({ accessToken: 'a', refreshToken: 'r', accessExpiresInSeconds: 60 })

let folder: string
let file: string
let engine: Engine
let secrets: Map<string, string>
let readSecret: EngineHost['readSecret']
let account: StoredAccount | null
let connection: BridgeEvents['connection'] | null
let stores: Store[]
/** Of a build that knows more. */
let steps: FeatureSteps[]
const row = conversation({ teamId: TEAM, assignedTo: ME, status: 'assigned' })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-opening-'))
  file = join(folder, `cache-${NAME}.db`)
  secrets = new Map([[KEY_NAME, KEY]])
  readSecret = async (name) => secrets.get(name) ?? null
  account = {
    deviceId: ME,
    // Nobody listens on the discard port.
    serverUrl: SERVER,
    person: { id: ME, email: 'ana@parley.example', fullName: 'Ana Ruiz' },
  }
  connection = null
  stores = []
  steps = []
  const open = Store.open.bind(Store)
  vi.spyOn(Store, 'open').mockImplementation((of, key, features) => {
    const store = open(of, key, [...features, ...steps])
    stores.push(store)
    return store
  })
  newEngine()
})
afterEach(async () => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  await engine.stop()
  rmSync(folder, { recursive: true, force: true })
})

function host(): EngineHost {
  return {
    dataFolder: folder,
    deviceName: 'test',
    platform: 'linux',
    fixedServerUrl: null,
    allowsHttp: false,
    leaseMs: 72 * 3_600_000,
    defaultServerUrl: SERVER,
    readSecret: (name) => readSecret(name),
    writeSecret: async (name, value) => {
      if (value === null) secrets.delete(name)
      else secrets.set(name, value)
    },
    openBrowser: async () => {},
    cameBack: () => {},
    readAccount: async () => account,
    writeAccount: async (next) => void (account = next),
  }
}

function newEngine(): void {
  engine = new Engine(host(), {
    bridge: (event, payload) => {
      if (event === 'connection') connection = payload as BridgeEvents['connection']
    },
    notice: () => {},
  })
}

/** A cache with one reply that waits and one draft, as the workstation left it. */
function leaveCache(fill: (cache: Cache) => void = () => {}): void {
  const cache = openCacheFile(file, ME)
  cache.setAccess({ role: 'agent', teamIds: [TEAM] })
  cache.store.setMeta('tokens', TOKENS)
  cache.store.setMeta('reachedAt', new Date().toISOString())
  const lucia = customer(row.customerId, { name: 'Lucía' })
  cache.applyBatch(
    [
      put('person', person({ id: ME, teamIds: [TEAM] })),
      put('team', team(TEAM)),
      put('conversation', row),
      put('customer', lucia),
      put('message', message(row.id)),
    ],
    cursor(1),
  )
  saveDraft(cache, row.id, 'mi borrador')
  openOutbox(cache).add(someId(), row.id, {
    kind: 'reply',
    text: 'mi respuesta',
    lastSeenSeq: 1,
    despiteNewerReply: false,
  })
  fill(cache)
  cache.store.close()
}

/** Enough of one's own words for many pages. */
function withManyDrafts(cache: Cache): void {
  for (let count = 0; count < 30; count += 1) {
    const more = conversation({ teamId: TEAM, assignedTo: ME })
    cache.applyItems([put('conversation', more), put('message', message(more.id))])
    saveDraft(cache, more.id, `borrador ${count} ${'palabra '.repeat(60)}`)
  }
}

async function ask<Answer>(method: EngineMethod, input?: unknown): Promise<Answer> {
  const result = await engine.call(method, input)
  if (!result.ok) throw new Error(result.error.code)
  return result.value as Answer
}

const session = () => ask<SessionView>('session.get')
const texts = async () =>
  (await ask<{ text: string | null }[]>('session.unsent')).map(({ text }) => text).toSorted()
const WORDS = ['mi borrador', 'mi respuesta']
const aside = () => readdirSync(folder).filter((name) => /\.aside-\d+$/.test(name))

async function restart(): Promise<SessionView> {
  await engine.stop()
  newEngine()
  await engine.start()
  return await session()
}

/** Where the session itself was lost with what was damaged, as after its person has signed in again. */
async function afterSigningIn(): Promise<SessionView> {
  const view = await session()
  if (view.state !== 'locked') return view
  stores.at(-1)?.write(() => stores.at(-1)?.setMeta('tokens', TOKENS))
  return await restart()
}

const damage = (page: number, of = file): void => damageAt((page - 1) * PAGE + 100, of)

function damageAt(byte: number, of: string): void {
  const descriptor = openSync(of, 'r+')
  writeSync(descriptor, Buffer.alloc(80, 7), 0, 80, byte)
  closeSync(descriptor)
}

/** In the file as whoever looks at it from outside. */
function edit(work: (database: Database.Database) => void): void {
  const database = openDatabase(file, KEY)
  work(database)
  database.close()
}

describe('what passes erases nothing: it says what is wrong, and opens when it is over', () => {
  async function opensAgain(reason: string, mend: () => void): Promise<void> {
    expect(await session()).toMatchObject({ state: 'not_opened', reason, unsent: [] })
    await expect(ask('inbox.list', { view: { kind: 'open' }, limit: 5 })).rejects.toThrow(
      'not_kept',
    )
    mend()
    expect(await ask('session.openAgain')).toMatchObject({ state: 'signed_in', carriedOver: null })
    expect(await texts()).toEqual(WORDS)
    expect(aside()).toEqual([])
  }

  test('the key store fails once', async () => {
    leaveCache()
    readSecret = () => Promise.reject(new Error('the key store is locked'))
    await engine.start()
    await opensAgain('key_store', () => (readSecret = async (name) => secrets.get(name) ?? null))
  })

  test('the key store gives another key', async () => {
    leaveCache()
    await restart()
    await engine.stop()
    secrets.set(KEY_NAME, 'cd'.repeat(32))
    const before = readFileSync(file)
    expect(await restart()).toMatchObject({ canStartFresh: true })
    expect(readFileSync(file).equals(before)).toBe(true)
    await opensAgain('other_key', () => secrets.set(KEY_NAME, KEY))
  })

  test('another program has the file', async () => {
    leaveCache()
    const other = openDatabase(file, KEY)
    other.pragma('locking_mode = EXCLUSIVE')
    other.exec('BEGIN EXCLUSIVE; COMMIT')
    await engine.start()
    await opensAgain('busy', () => other.close())
  })

  test('the file cannot be opened', async () => {
    leaveCache()
    renameSync(file, `${file}.away`)
    mkdirSync(file)
    await engine.start()
    await opensAgain('cannot_open', () => {
      rmSync(file, { recursive: true })
      renameSync(`${file}.away`, file)
    })
  })

  test.each([
    [
      'a full disk',
      'disk_full',
      'PRAGMA max_page_count = 1; CREATE TABLE more AS SELECT zeroblob(99999)',
    ],
    ['a mistake in it', 'update_failed', 'CREATE TABLE drafts (id TEXT)'],
  ])('a step of a new build fails by %s', async (_by, reason, step) => {
    leaveCache()
    steps = [{ name: 'later', steps: [step] }]
    await engine.start()
    await opensAgain(reason, () => (steps = []))
  })

  test('it is tried again by itself, later each time', async () => {
    leaveCache()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const tries = vi.fn<EngineHost['readSecret']>(() => Promise.reject(new Error('locked')))
    readSecret = tries
    await engine.start()
    for (const seconds of [1, 2, 4, 8]) {
      const before = tries.mock.calls.length
      await vi.advanceTimersByTimeAsync(seconds * 1000 - 1)
      expect(tries).toHaveBeenCalledTimes(before)
      await vi.advanceTimersByTimeAsync(1)
      expect(tries).toHaveBeenCalledTimes(before + 1)
    }
    readSecret = async (name) => secrets.get(name) ?? null
    await vi.advanceTimersByTimeAsync(16_000)
    expect(await session()).toMatchObject({ state: 'signed_in' })
  })
})

describe('damage', () => {
  test('of any page, one at a time: what I wrote is there, or I am told that it may be lost', async () => {
    leaveCache(withManyDrafts)
    await restart()
    const all = await texts()
    await engine.stop()
    const pages = statSync(file).size / PAGE
    const whole = `${file}.whole`
    copyFileSync(file, whole)
    let healed = 0
    const step = Math.max(1, Math.floor(pages / 40))
    for (let page = 1; page <= pages; page += step) {
      rmSync(file)
      copyFileSync(whole, file)
      damage(page)
      newEngine()
      await engine.start()
      // Whatever is met when it is used, and heals meanwhile.
      await vi.waitFor(async () => {
        await engine.call('inbox.list', { view: { kind: 'open' }, limit: 100 })
        await engine.call('outbox.list', undefined)
        expect(await afterSigningIn()).toMatchObject({ state: 'signed_in' })
        expect(await texts()).toBeInstanceOf(Array)
      })
      const view = await session()
      const { carriedOver } = view as Extract<SessionView, { state: 'signed_in' }>
      const kept = await texts()
      if (kept.length < all.length) expect(carriedOver?.lost).not.toBe(0)
      if (carriedOver !== null) {
        healed += 1
        // What may have others missing before it does not leave by itself.
        const states = (await ask<{ state: string }[]>('outbox.list')).map(({ state }) => state)
        if (carriedOver.lost !== 0) expect(states).not.toContain('waiting')
      } else expect(kept).toEqual(all)
      await engine.stop()
    }
    expect(healed).toBeGreaterThan(5)
    expect(aside().length).toBeLessThanOrEqual(3)
    expect(aside().length).toBeGreaterThan(0)
  })

  test.each(['meta', 'alerts_open', 'outbox'])(
    'of %s, which is read before anything is shown, is mended as any other',
    async (name) => {
      leaveCache()
      await restart()
      await engine.stop()
      edit((database) => {
        const page = database
          .prepare(`SELECT rootpage FROM sqlite_master WHERE name = ?`)
          .pluck()
          .get(name) as number
        queueMicrotask(() => damage(page))
      })
      await restart()
      await vi.waitFor(async () => {
        await engine.call('outbox.list', undefined)
        await engine.call('alerts.list', undefined)
        expect(await afterSigningIn()).toMatchObject({
          state: 'signed_in',
          carriedOver: { because: 'damaged' },
        })
      })
      const kept = await texts()
      expect(kept).toContain('mi borrador')
      if (name !== 'outbox') expect(kept).toEqual(WORDS)
      expect(aside()).toHaveLength(1)
    },
  )

  test('the inbox is loaded afresh, and what waits and is drafted is there', async () => {
    leaveCache()
    await restart()
    await engine.stop()
    // Where conversations stand: nothing of my own.
    edit((database) => {
      const page = database
        .prepare(`SELECT rootpage FROM sqlite_master WHERE name = 'conversations'`)
        .pluck()
        .get() as number
      queueMicrotask(() => damage(page))
    })
    await restart()
    await engine.call('inbox.list', { view: { kind: 'open' }, limit: 5 })
    await vi.waitFor(async () =>
      expect(await session()).toMatchObject({
        state: 'signed_in',
        me: { fullName: 'Ana Ruiz' },
        carriedOver: { because: 'damaged', lost: 0 },
      }),
    )
    expect(await texts()).toEqual(WORDS)
    expect(await ask('outbox.list')).toMatchObject([{ text: 'mi respuesta', state: 'waiting' }])
    expect(aside()).toHaveLength(1)
    // Said until it was seen, over restarts.
    expect(await restart()).toMatchObject({ carriedOver: { because: 'damaged' } })
    expect(await ask('session.carriedOverSeen')).toMatchObject({ carriedOver: null })
    expect(await restart()).toMatchObject({ carriedOver: null })
  })

  test('that nobody has met yet is looked for where the workstation was not closed', async () => {
    leaveCache()
    const copy = `${file}.copy`
    const cache = openCacheFile(file, ME)
    cache.store.setMeta('any', 'thing')
    // As a power cut leaves it: with its log.
    for (const suffix of ['', '-wal']) copyFileSync(`${file}${suffix}`, `${copy}${suffix}`)
    const page = cache.store.value<number>(
      `SELECT rootpage FROM sqlite_master WHERE name = 'canned_responses'`,
    )
    cache.store.close()
    for (const suffix of ['', '-wal']) renameSync(`${copy}${suffix}`, `${file}${suffix}`)
    damage(page ?? 0)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    expect(await restart()).toMatchObject({ carriedOver: null })
    await vi.advanceTimersByTimeAsync(10_000)
    await vi.waitFor(async () =>
      expect(await session()).toMatchObject({ carriedOver: { because: 'damaged', lost: 0 } }),
    )
    expect(await texts()).toEqual(WORDS)
  })

  test('that comes back whenever it is opened is the disk’s fault: it is said, and what was set aside first is kept', async () => {
    leaveCache()
    const getMeta = Store.prototype.getMeta
    vi.spyOn(Store.prototype, 'getMeta').mockImplementation(function (this: Store, name) {
      if (name === 'tokens') throw new CacheTrouble('damaged')
      return getMeta.call(this, name)
    })
    await engine.start()
    for (let tries = 0; tries < 4; tries += 1) await ask('session.openAgain')
    const before = aside()
    await ask('session.openAgain')
    expect(aside()).toEqual(before)
    expect(before).toHaveLength(3)
    expect(await session()).toMatchObject({
      state: 'not_opened',
      reason: 'io',
      canStartFresh: true,
    })
  })

  test('of a file that is a page short takes nothing along that stands elsewhere', async () => {
    leaveCache(withManyDrafts)
    await restart()
    const all = await texts()
    await engine.stop()
    truncateSync(file, statSync(file).size - PAGE)
    await restart()
    await vi.waitFor(async () =>
      expect(await session()).toMatchObject({ carriedOver: { because: 'damaged' } }),
    )
    expect((await texts()).length).toBeGreaterThan(all.length / 2)
    expect(readdirSync(folder).filter((name) => name.includes('lengthened'))).toEqual([])
  })

  test('of a log that was not written into the file yet loses no more than what it hit, and is said', async () => {
    leaveCache()
    await engine.start()
    for (let count = 0; count < 10; count += 1) {
      await ask('conversation.reply', { conversationId: row.id, text: `respuesta ${count}` })
    }
    const all = await texts()
    // As after a kill: nobody has closed it.
    const killed = readdirSync(folder).filter((name) => !name.endsWith('-shm'))
    for (const name of killed) copyFileSync(join(folder, name), join(folder, `${name}.killed`))
    await engine.stop()
    const { size } = statSync(`${file}-wal.killed`)
    for (const at of [0, 0.1, 0.3, 0.5, 0.7, 0.9, 1]) {
      for (const name of killed) copyFileSync(join(folder, `${name}.killed`), join(folder, name))
      if (at < 1) damageAt(Math.floor(size * at), `${file}-wal`)
      newEngine()
      await engine.start()
      await vi.waitFor(async () => {
        await engine.call('outbox.list', undefined)
        expect(await session()).toMatchObject({ state: 'signed_in' })
      })
      const { carriedOver } = (await session()) as Extract<SessionView, { state: 'signed_in' }>
      const kept = await texts()
      if (at === 1) expect({ kept, carriedOver }).toEqual({ kept: all, carriedOver: null })
      else expect(carriedOver).toMatchObject({ because: 'damaged' })
      if (kept.length < all.length) expect(carriedOver?.lost).not.toBe(0)
      expect(all.length - kept.length).toBeLessThanOrEqual(1)
      await engine.stop()
      for (const name of readdirSync(folder)) {
        if (!name.endsWith('.killed')) rmSync(join(folder, name))
      }
    }
  })

  test('a power cut in the middle of the last transaction is none', async () => {
    leaveCache()
    await engine.start()
    await ask('conversation.reply', { conversationId: row.id, text: 'a medias' })
    const killed = readdirSync(folder).filter((name) => !name.endsWith('-shm'))
    for (const name of killed) copyFileSync(join(folder, name), join(folder, `${name}.killed`))
    await engine.stop()
    for (const name of killed) renameSync(join(folder, `${name}.killed`), join(folder, name))
    damageAt(statSync(`${file}-wal`).size - 100, `${file}-wal`)
    expect(await restart()).toMatchObject({ state: 'signed_in', carriedOver: null })
    expect(await texts()).toEqual(expect.arrayContaining(WORDS))
    expect(aside()).toEqual([])
  })

  test('a folder where the new one is to be made waits for whoever takes it away', async () => {
    leaveCache()
    await restart()
    await engine.stop()
    mkdirSync(`${file}.new`)
    damage(1)
    expect(await restart()).toMatchObject({ state: 'not_opened', reason: 'cannot_open' })
    rmSync(`${file}.new`, { recursive: true })
    await ask('session.openAgain')
    expect(await afterSigningIn()).toMatchObject({
      state: 'signed_in',
      carriedOver: { because: 'damaged' },
    })
  })

  test.each(['emptied', 'gone'])('a file that was %s is said to be lost', async (how) => {
    leaveCache()
    await restart()
    await engine.stop()
    if (how === 'gone') rmSync(file)
    else closeSync(openSync(file, 'w'))
    expect(await restart()).toMatchObject({ state: 'locked' })
    expect(await afterSigningIn()).toMatchObject({
      carriedOver: { because: 'damaged', lost: null },
    })
  })

  test('a lost key sets aside what it opened, and says so', async () => {
    leaveCache()
    secrets.clear()
    await engine.start()
    expect(await afterSigningIn()).toMatchObject({
      carriedOver: { because: 'key_lost', lost: null },
    })
    expect(aside()).toHaveLength(1)
  })

  test('a stop between the new one and the old one loses neither', async () => {
    leaveCache()
    await restart()
    await engine.stop()
    // The new one is complete, the damaged one is set aside, and no more was done.
    copyFileSync(file, `${file}.new`)
    copyFileSync(`${file}.check`, `${file}.new.check`)
    renameSync(file, `${file}.aside-1`)
    await restart()
    expect(await texts()).toEqual(WORDS)
    expect(existsSync(`${file}.new`)).toBe(false)
  })
})

describe('a cache of a newer build', () => {
  const setNewer = (isNewer: boolean) =>
    edit((database) =>
      database.exec(
        isNewer
          ? `INSERT INTO applied_steps VALUES ('later', 1)`
          : `DELETE FROM applied_steps WHERE feature = 'later'`,
      ),
    )

  test('is kept untouched and its words shown; one begins beside it, and all comes together again', async () => {
    leaveCache()
    setNewer(true)
    const before = readFileSync(file)
    await engine.start()
    const view = await session()
    expect(view).toMatchObject({
      state: 'not_opened',
      reason: 'newer',
      retryAt: null,
      canStartFresh: true,
      unsent: expect.arrayContaining([
        expect.objectContaining({ kind: null, customerName: 'Lucía', text: 'mi borrador' }),
        expect.objectContaining({ kind: 'reply', text: 'mi respuesta' }),
      ]),
    })
    expect(await ask('session.startFresh')).toMatchObject({ state: 'locked', because: 'expired' })
    expect(await restart()).toMatchObject({ state: 'locked', because: 'expired' })
    saveDraft({ store: stores.at(-1) } as Cache, row.id, 'escrito al lado')
    await engine.stop()
    expect(readFileSync(file).equals(before)).toBe(true)
    // The newer build is back.
    setNewer(false)
    await restart()
    expect(await texts()).toEqual(['mi borrador\n\nescrito al lado', 'mi respuesta'])
    // It may have been said again meanwhile.
    expect(await ask('outbox.list')).toMatchObject([{ state: 'refused' }])
    expect(readdirSync(folder).filter((name) => name.includes('beside'))).toEqual([])
    await restart()
    expect(await texts()).toEqual(['mi borrador\n\nescrito al lado', 'mi respuesta'])
  })

  test('giving it up beside it leaves nothing of either', async () => {
    leaveCache()
    setNewer(true)
    await engine.start()
    expect(await ask('session.startFresh')).toMatchObject({ unsentCount: 2 })
    await ask('session.signOut', { discardUnsent: true })
    expect(readdirSync(folder)).toEqual([])
    expect(secrets.size).toBe(0)
  })
})

describe('a disk that is full in the middle of work', () => {
  test('takes nothing, says so, and goes on when there is room', async () => {
    leaveCache()
    await engine.start()
    const store = stores.at(-1)
    const pages = store?.value<number>('PRAGMA page_count') ?? 0
    store?.value(`PRAGMA max_page_count = ${pages}`)
    const long = 'palabras '.repeat(2000)
    const words = { conversationId: row.id, text: long }
    expect(await engine.call('conversation.saveDraft', words)).toEqual({
      ok: false,
      error: { code: 'not_kept', details: { reason: 'disk_full' } },
    })
    expect(connection?.trouble).toBe('disk_full')
    expect(await texts()).toEqual(WORDS)
    store?.value('PRAGMA max_page_count = 1000000')
    await ask('conversation.saveDraft', words)
    expect(connection?.trouble).toBeNull()
  })
})

/** The session alone, without a line. */
function newKeeper(listeners: readonly Listener[]): SessionKeeper {
  return new SessionKeeper(host(), REGISTRY, {
    furnish: (cache) => ({ outbox: openOutbox(cache), listeners }),
    keepMe: () => {},
    readMe: () => null,
    connect: () => {},
    disconnect: () => {},
    isOnline: () => false,
    trouble: () => {},
    leaseChanged: () => {},
    changed: () => {},
  })
}

describe('signing out', () => {
  test('waits for what can still be said, such as what was read last, before the cache goes', async () => {
    leaveCache((cache) => void cache.store.run('DELETE FROM outbox'))
    const said: boolean[] = []
    const keeper = newKeeper([
      {
        leaving: async () => {
          await Promise.resolve()
          said.push(existsSync(file))
        },
      },
    ])
    await keeper.start()
    await keeper.signOut({ discardUnsent: true })
    expect([said, existsSync(file)]).toEqual([[true], false])
  })

  test.each([false, true])(
    'takes nothing along that was done while the server was being told, though what waited before may go: %s',
    async (discardUnsent) => {
      leaveCache((cache) => {
        if (discardUnsent) return
        cache.store.run('DELETE FROM outbox')
        cache.store.run('DELETE FROM drafts')
      })
      const keeper: SessionKeeper = newKeeper([
        {
          leaving: async () => {
            const { cache, outbox } = keeper.signedIn
            await Promise.resolve()
            outbox.intend(row.id, { kind: 'set_priority', priority: 'urgent' })
            saveDraft(cache, row.id, 'lo último')
          },
        },
      ])
      await keeper.start()
      await expect(keeper.signOut({ discardUnsent })).rejects.toThrow('conflict')
      expect(keeper.view()).toMatchObject({ state: 'locked', because: 'expired' })
      expect(keeper.unsent().map(({ text }) => text)).toContain('lo último')
      expect(keeper.unsent().length).toBe(discardUnsent ? 3 : 2)
      keeper.close()
    },
  )
})

describe('drafts are words', () => {
  test('signing out shows them first', async () => {
    leaveCache((cache) => void cache.store.run('DELETE FROM outbox'))
    await engine.start()
    await expect(ask('session.signOut', { discardUnsent: false })).rejects.toThrow('conflict')
    expect(await ask('session.unsent')).toMatchObject([
      { kind: null, conversationId: row.id, customerName: 'Lucía', text: 'mi borrador' },
    ])
  })

  test('a lease that only the clock says is over waits for the server, and then leaves my words alone', async () => {
    leaveCache((cache) => {
      cache.store.run('DELETE FROM outbox')
      cache.store.setMeta('reachedAt', new Date(Date.now() - 73 * 3_600_000).toISOString())
    })
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
    await engine.start()
    expect(await session()).toMatchObject({ state: 'not_opened', reason: 'lease' })
    await expect(ask('inbox.list', { view: { kind: 'open' }, limit: 5 })).rejects.toThrow(
      'not_kept',
    )
    const key = secrets.get(KEY_NAME)
    await vi.advanceTimersByTimeAsync(180_000)
    await vi.waitFor(async () =>
      expect(await session()).toMatchObject({
        state: 'locked',
        because: 'lease',
        words: { lost: 0, unsent: [{ customerName: 'Lucía', text: 'mi borrador' }] },
      }),
    )
    expect(secrets.get(KEY_NAME)).not.toBe(key)
    expect(aside()).toEqual([])
  })
})
