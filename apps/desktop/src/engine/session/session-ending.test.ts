import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type SessionView } from '@parley/contracts'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { REGISTRY } from '../features.ts'
import { saveDraft } from '../features/messaging/index.ts'
import { type EngineHost, type StoredAccount } from '../host.ts'
import { type Cache } from '../store/cache.ts'
import { KEY, cursor, openCacheFile, openOutbox, put } from '../testing/open-cache.ts'
import { conversation, customer, message, person, someId, team } from '../testing/rows.ts'
import { cacheNameOf } from './personal-cache.ts'
import { SessionKeeper } from './session-keeper.ts'

/** What is left on a machine when a session has ended, however that is broken off. */

const ME = '01890a5d-ac96-774b-bcce-b302099a8001'
const TEAM = '01890a5d-ac96-774b-bcce-b302099a8002'
const SERVER = 'https://parley.example'
const NAME = cacheNameOf({ personId: ME, serverUrl: SERVER })
const HOUR = 3_600_000
const TOKENS = JSON.stringify({ accessToken: 'a', refreshToken: 'r', accessExpiresInSeconds: 60 })

let folder: string
let file: string
let secrets: Map<string, string>
let account: StoredAccount | null
let keeper: SessionKeeper
let isKeyStoreLocked: boolean
let hasKeyStore: boolean
let leaseMs: number
let leaseTold: number
let isOnline: boolean
const row = conversation({ teamId: TEAM, assignedTo: ME, status: 'assigned' })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-ending-'))
  file = join(folder, `cache-${NAME}.db`)
  secrets = new Map([[`cache-key-${NAME}`, KEY]])
  account = {
    deviceId: ME,
    serverUrl: SERVER,
    person: { id: ME, email: 'ana@parley.example', fullName: 'Ana Ruiz' },
  }
  isKeyStoreLocked = false
  hasKeyStore = true
  leaseMs = 72 * HOUR
  leaseTold = 0
  isOnline = false
  newKeeper()
})
afterEach(() => {
  vi.useRealTimers()
  keeper.close()
  rmSync(folder, { recursive: true, force: true })
})

function newKeeper(): void {
  const host: EngineHost = {
    dataFolder: hasKeyStore ? folder : null,
    deviceName: 'test',
    platform: 'linux',
    fixedServerUrl: null,
    allowsHttp: false,
    leaseMs,
    defaultServerUrl: '',
    readSecret: async (name) => secrets.get(name) ?? null,
    writeSecret: async (name, value) => {
      if (isKeyStoreLocked) throw new Error('the key store is locked')
      if (value === null) secrets.delete(name)
      else secrets.set(name, value)
    },
    openBrowser: async () => {},
    cameBack: () => {},
    readAccount: async () => account,
    writeAccount: async (next) => void (account = next),
  }
  keeper = new SessionKeeper(host, REGISTRY, {
    furnish: (cache) => ({ outbox: openOutbox(cache), listeners: [] }),
    keepMe: () => {},
    readMe: () => null,
    connect: () => {},
    disconnect: () => {},
    isOnline: () => isOnline,
    trouble: () => {},
    leaseChanged: () => (leaseTold += 1),
    changed: () => {},
  })
}

async function restart(): Promise<SessionView> {
  keeper.close()
  newKeeper()
  await keeper.start()
  return keeper.view()
}

function fill(cache: Cache, hasWords: boolean): void {
  cache.setAccess({ role: 'agent', teamIds: [TEAM] })
  cache.store.setMeta('tokens', TOKENS)
  cache.store.setMeta('reachedAt', new Date().toISOString())
  cache.applyBatch(
    [
      put('person', person({ id: ME, teamIds: [TEAM] })),
      put('team', team(TEAM)),
      put('conversation', row),
      put('customer', customer(row.customerId, { name: 'Lucía' })),
      put('message', message(row.id, { text: 'palabra ajena' })),
    ],
    cursor(1),
  )
  if (!hasWords) return
  saveDraft(cache, row.id, 'mi borrador')
  openOutbox(cache).add(someId(), row.id, {
    kind: 'reply',
    text: 'mi respuesta',
    lastSeenSeq: 1,
    despiteNewerReply: false,
  })
}

/** The cache as the workstation left it, under the name of this build or another one. */
function leaveCache(hasWords = true, as = file): void {
  const cache = openCacheFile(as, ME)
  fill(cache, hasWords)
  cache.store.close()
}

const words = {
  lost: 0,
  unsent: expect.arrayContaining([
    expect.objectContaining({ kind: null, customerName: 'Lucía', text: 'mi borrador' }),
    expect.objectContaining({ kind: 'reply', customerName: 'Lucía', text: 'mi respuesta' }),
  ]),
}
const WORDS_ONLY = { state: 'locked', because: 'withdrawn', unsentCount: 2, words }
const count = (table: string): number | null =>
  keeper.signedIn.cache.store.value<number>(`SELECT COUNT(*) FROM ${table}`)
const rights = (name: string): string => (statSync(join(folder, name)).mode & 0o777).toString(8)

describe('access that was withdrawn', () => {
  test.each(['revoked', 'deactivated', 'token_reused'])(
    '(%s) leaves nothing where there are no words',
    async (reason) => {
      leaveCache(false)
      await keeper.start()
      await keeper.ended(reason)
      expect(keeper.view()).toMatchObject({ state: 'signed_out', because: 'device_revoked' })
      expect([readdirSync(folder), secrets.size]).toEqual([[], 0])
    },
  )

  test.each(['revoked', 'deactivated', 'token_reused'])(
    '(%s) leaves unsent words alone, under another key, also after a restart',
    async (reason) => {
      leaveCache()
      // What was set aside for support, and for later.
      writeFileSync(`${file}.aside-1`, 'damaged')
      await keeper.start()
      await keeper.ended(reason)
      for (const view of [keeper.view(), await restart()]) expect(view).toMatchObject(WORDS_ONLY)
      expect(['conversations', 'messages', 'customers'].map(count)).toEqual([0, 0, 0])
      expect(keeper.signedIn.cache.store.getMeta('tokens')).toBeNull()
      expect(secrets.get(`cache-key-${NAME}`)).not.toBe(KEY)
      expect(existsSync(`${file}.aside-1`)).toBe(false)
      await keeper.signOut({ discardUnsent: true })
      expect([readdirSync(folder), secrets.size]).toEqual([[], 0])
    },
  )

  test.each(['expired', 'replaced', 'signed_out', 'of a newer server', null])(
    'it is not by %s: everything waits, unread',
    async (reason) => {
      leaveCache()
      await keeper.start()
      await keeper.ended(reason)
      const locked = { state: 'locked', because: 'expired', unsentCount: 2, words: null }
      expect(keeper.view()).toMatchObject(locked)
      expect(JSON.stringify(keeper.view())).not.toMatch(/Lucía|mi borrador/)
      expect(await restart()).toMatchObject(locked)
      expect(['conversations', 'messages', 'customers'].map(count)).toEqual([1, 1, 1])
    },
  )

  test.each([true, false])(
    'is carried out at the next start where it was broken off, with words: %s',
    async (hasWords) => {
      leaveCache(hasWords)
      await keeper.start()
      isKeyStoreLocked = true
      await keeper.ended('revoked')
      expect(keeper.view()).toMatchObject({ state: 'not_opened', reason: 'key_store' })
      expect(await restart()).toMatchObject({ state: 'not_opened', reason: 'key_store' })
      isKeyStoreLocked = false
      const view = await restart()
      if (hasWords) expect(view).toMatchObject(WORDS_ONLY)
      else {
        expect(view).toMatchObject({ state: 'signed_out', because: 'device_revoked' })
        expect([readdirSync(folder), secrets.size]).toEqual([[], 0])
      }
    },
  )

  test('also takes what stood beside, in a cache of a newer build', async () => {
    leaveCache()
    const cache = openCacheFile(file, ME)
    cache.store.run(`INSERT INTO applied_steps VALUES ('later', 1)`)
    cache.store.close()
    await keeper.start()
    await keeper.startFresh()
    saveDraft(keeper.signedIn.cache, row.id, 'escrito al lado')
    keeper.signedIn.lock = null
    await keeper.ended('revoked')
    expect(keeper.view()).toMatchObject({
      because: 'withdrawn',
      words: {
        unsent: expect.arrayContaining([
          expect.objectContaining({ text: 'escrito al lado' }),
          expect.objectContaining({ text: 'mi borrador' }),
          expect.objectContaining({ text: 'mi respuesta' }),
        ]),
      },
    })
    expect([...secrets.values()]).not.toContain(KEY)
    expect(readdirSync(folder).filter((name) => !name.includes('beside'))).toEqual([])
  })

  test('leaves words where nothing is on a disk, too', async () => {
    hasKeyStore = false
    newKeeper()
    await keeper.start()
    fill(keeper.signedIn.cache, true)
    keeper.signedIn.lock = null
    await keeper.ended('revoked')
    expect(keeper.view()).toMatchObject(WORDS_ONLY)
    expect(['conversations', 'messages', 'customers'].map(count)).toEqual([0, 0, 0])
    expect(readdirSync(folder)).toEqual([])
  })

  test('what was being written when it came is kept with the others', async () => {
    leaveCache()
    await keeper.start()
    await keeper.ended('revoked')
    saveDraft(keeper.signedIn.cache, row.id, 'mi borrador, y más')
    expect(keeper.view()).toMatchObject({
      words: {
        unsent: expect.arrayContaining([
          expect.objectContaining({ customerName: 'Lucía', text: 'mi borrador, y más' }),
        ]),
      },
    })
  })
})

test('a server that was reached without encryption is not asked, nor what it gave shown', async () => {
  const plain = { personId: ME, serverUrl: 'http://parley.example' }
  account = { ...(account as StoredAccount), serverUrl: plain.serverUrl }
  leaveCache(true, join(folder, `cache-${cacheNameOf(plain)}.db`))
  secrets = new Map([[`cache-key-${cacheNameOf(plain)}`, KEY]])
  await keeper.start()
  expect(keeper.view()).toMatchObject({ ...WORDS_ONLY, because: 'server_not_allowed' })
})

test.skipIf(process.platform === 'win32')(
  'every file of it is its person’s alone, whatever this machine gives to others',
  async () => {
    const before = process.umask(0)
    try {
      leaveCache()
      // As a build of before left it.
      await keeper.start()
      const open = readdirSync(folder)
      expect(open).toEqual(expect.arrayContaining([`cache-${NAME}.db-wal`, `cache-${NAME}.db-shm`]))
      expect(new Set(open.map(rights))).toEqual(new Set(['600']))
      await keeper.ended('revoked')
      expect(new Set(readdirSync(folder).map(rights))).toEqual(new Set(['600']))
    } finally {
      process.umask(before)
    }
    expect(readFileSync(file).includes('mi borrador')).toBe(false)
  },
)

describe('the lease', () => {
  beforeEach(() =>
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'Date'] }),
  )

  test('is the policy’s, and says so before it ends, once, to a window that nobody touches', async () => {
    leaseMs = 8 * HOUR
    newKeeper()
    leaveCache()
    await keeper.start()
    await vi.advanceTimersByTimeAsync(4 * HOUR - 120_000)
    expect([leaseTold, keeper.leaseEndsAt]).toEqual([0, null])
    await vi.advanceTimersByTimeAsync(240_000)
    expect(leaseTold).toBe(1)
    expect(keeper.leaseEndsAt).not.toBeNull()
    await vi.advanceTimersByTimeAsync(HOUR)
    expect(leaseTold).toBe(1)
    isOnline = true
    await vi.advanceTimersByTimeAsync(60_000)
    expect([leaseTold, keeper.leaseEndsAt]).toEqual([2, null])
    isOnline = false
    await vi.advanceTimersByTimeAsync(9 * HOUR)
    await vi.waitFor(() => expect(keeper.view()).toMatchObject({ ...WORDS_ONLY, because: 'lease' }))
  })

  test('goes on while the workstation is locked', async () => {
    leaveCache()
    await keeper.start()
    await keeper.ended('expired')
    await vi.advanceTimersByTimeAsync(73 * HOUR)
    await vi.waitFor(() => expect(keeper.view()).toMatchObject({ ...WORDS_ONLY, because: 'lease' }))
    // Words have no lease: nobody else has them.
    await vi.advanceTimersByTimeAsync(200 * HOUR)
    expect(await restart()).toMatchObject({ ...WORDS_ONLY, because: 'lease' })
  })
})
