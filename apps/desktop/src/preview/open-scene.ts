import { closeSync, openSync, writeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type MessageRow, type PutItem } from '@parley/contracts'
import { v7 as uuidv7 } from 'uuid'

import { Engine, type EngineEvents } from '../engine/engine.ts'
import { cacheNameOf, markEnding } from '../engine/session/personal-cache.ts'
import { takeLastMessage } from '../engine/features/conversations/index.ts'
import { saveDraft } from '../engine/features/messaging/index.ts'
import { markRead } from '../engine/features/reads/index.ts'
import { type EngineHost, type StoredAccount } from '../engine/host.ts'
import { type Cache } from '../engine/store/cache.ts'
import { KEY, cursor, openCacheFile, put } from '../engine/testing/open-cache.ts'
import { readMark } from '../engine/testing/rows.ts'
import { aMorning } from './conversations.ts'
import { SCENES, type Ask, type Scene, type SceneName } from './scenes.ts'
import { openServerLine } from './server-line.ts'
import { type Thread, type World } from './world.ts'

export interface OpenedEngine {
  engine: Engine
  close(): Promise<void>
}

const TOKENS = { accessToken: '', refreshToken: '', accessExpiresAt: '9999-01-01T00:00:00.000Z' }

/** The real engine over a cache that is made for the scene, with somebody at the other end where the scene has one. */
export async function openScene(
  given: SceneName | Scene,
  events: EngineEvents,
): Promise<OpenedEngine> {
  const scene: Scene = typeof given === 'string' ? SCENES[given] : given
  const { server = 'there', session = 'good', serverAheadMs = 0 } = scene
  const world = scene.world?.() ?? aMorning()
  const folder = await mkdtemp(join(tmpdir(), 'parley-preview-'))
  const line = await openServerLine(
    scene.refuses?.(world) ?? {},
    [...marksIn(world), ...world.rows()],
    {
      isEndless: server === 'loading',
      aheadMs: serverAheadMs,
    },
  )
  const name = cacheNameOf({ personId: world.me.id, serverUrl: line.url })
  const file = join(folder, `cache-${name}.db`)
  const cache = openCacheFile(file, world.me.id)
  fill(cache, world, { isLoading: server === 'loading' })
  if (scene.isPartial) {
    cache.setCoverage({ open: false, closedSince: new Date().toISOString() })
    for (const thread of world.threads)
      if (thread.conversation.status === 'closed') listedOnly(cache, thread)
  }
  if (session === 'withdrawn') markEnding(cache.store, 'withdrawn')
  if (session === 'good') cache.store.setMeta('tokens', JSON.stringify(TOKENS))
  const spoil = scene.trouble === undefined ? null : spoiling(cache, scene.trouble)
  cache.store.close()
  spoil?.(file)
  const host = hostOf({
    dataFolder: folder,
    serverUrl: line.url,
    person: session === 'none' ? null : world.me,
    isKeyKnown: scene.trouble !== 'key_store',
  })
  const reached = Promise.withResolvers<void>()
  const engine = new Engine(host, {
    ...events,
    bridge(event, payload) {
      events.bridge(event, payload)
      if (event === 'connection' && 'state' in payload && payload.state === 'online') {
        reached.resolve()
      }
    },
  })
  await engine.start()
  // Damage is met where it is read.
  if (scene.trouble === 'damaged')
    await engine.call('inbox.list', { view: { kind: 'mine' }, limit: 50 })
  if (server === 'lost') {
    await reached.promise
    await line.close()
  }
  await scene.act?.(asking(engine), world)
  return {
    engine,
    async close() {
      await engine.stop()
      if (server !== 'lost') await line.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The real engine with nothing yet, for a real server. */
export async function openWithServer(
  serverUrl: string,
  events: EngineEvents,
): Promise<OpenedEngine> {
  const engine = new Engine(hostOf({ dataFolder: null, serverUrl, person: null }), events)
  await engine.start()
  return { engine, close: () => engine.stop() }
}

/** By the way that rows from the server take; what is seen and drafted, by the way that the person's doing takes. */
function fill(cache: Cache, world: World, { isLoading }: { isLoading: boolean }): void {
  const { role, teamIds } = world.me
  cache.setAccess({ role, teamIds })
  if (isLoading) {
    cache.applyItems([put('person', world.me)])
    return
  }
  // As after a load of a company that is small enough.
  cache.store.setMeta('generation', '1')
  cache.store.setMeta('completeLoad', '1')
  cache.setCoverage({ open: true, closedSince: null })
  const rows = world.rows()
  const unseenIds = new Set(world.threads.flatMap((thread) => unseenOf(thread).map(({ id }) => id)))
  const isUnseen = (item: PutItem): boolean => item.kind === 'message' && unseenIds.has(item.row.id)
  cache.applyItems(rows.filter((item) => !isUnseen(item)))
  for (const { conversation, draft } of world.threads) {
    markRead(cache, conversation.id)
    if (draft !== '') saveDraft(cache, conversation.id, draft)
  }
  cache.applyBatch(rows.filter(isUnseen), cursor(1))
  cache.store.setMeta('reachedAt', new Date().toISOString())
}

/** What came since the last answer. */
function unseenOf({ messages }: Thread): MessageRow[] {
  return messages.slice(messages.findLastIndex(({ direction }) => direction === 'outbound') + 1)
}

/** How far the person has read, as the server knows it: it comes before what they have read. */
function marksIn({ me, threads }: World): PutItem[] {
  return threads.flatMap((thread) => {
    const seen = thread.messages.at(-1 - unseenOf(thread).length)
    if (seen === undefined) return []
    return put('read_mark', readMark(seen.conversationId, { userId: me.id, seq: seen.seq }))
  })
}

/** As most closed ones are: a row of a list, whose thread comes when it is opened. */
function listedOnly(cache: Cache, { conversation: { id }, messages }: Thread): void {
  const { store } = cache
  const last = messages.at(-1)
  store.write(() => {
    for (const table of ['messages', 'events'])
      store.run(`DELETE FROM ${table} WHERE conversation_id = ?`, id)
    store.run('UPDATE conversation_rows SET whole = 0, history_complete = 0 WHERE id = ?', id)
    if (last !== undefined) takeLastMessage(cache, id, last)
  })
}

/** What a newer workstation, or a failing disk, did to the cache: @returns what is done once it is closed */
function spoiling({ store }: Cache, trouble: NonNullable<Scene['trouble']>) {
  if (trouble === 'newer')
    store.run(`INSERT INTO applied_steps (feature, count) VALUES ('later', 1)`)
  const page = store.value<number>(
    `SELECT rootpage FROM sqlite_master WHERE name = 'conversations'`,
  )
  const pageSize = store.value<number>('PRAGMA page_size')
  if (trouble !== 'damaged' || page === null || pageSize === null) return null
  return (file: string) => {
    const open = openSync(file, 'r+')
    writeSync(open, Buffer.alloc(200, 7), 0, 200, (page - 1) * pageSize + 100)
    closeSync(open)
  }
}

function hostOf(given: {
  dataFolder: string | null
  serverUrl: string
  person: { id: string; fullName: string } | null
  isKeyKnown?: boolean
}): EngineHost {
  let account: StoredAccount | null = {
    deviceId: uuidv7(),
    serverUrl: given.serverUrl,
    person: given.person && {
      id: given.person.id,
      email: 'mariana.solis@soporte.example',
      fullName: given.person.fullName,
    },
  }
  const secrets = new Map<string, string | null>()
  return {
    dataFolder: given.dataFolder,
    deviceName: 'preview',
    platform: 'linux',
    fixedServerUrl: null,
    allowsHttp: false,
    leaseMs: 72 * 3_600_000,
    defaultServerUrl: given.serverUrl,
    readSecret: async (name) => {
      if (given.isKeyKnown === false) throw new Error('the key store is locked')
      return secrets.get(name) ?? KEY
    },
    writeSecret: async (name, value) => void secrets.set(name, value),
    openBrowser: async () => {},
    cameBack: () => {},
    readAccount: async () => account,
    writeAccount: async (next) => void (account = next),
  }
}

export function asking(engine: Engine): Ask {
  return async (method, input) => {
    const answer = await engine.call(method, input)
    if (!answer.ok) throw new Error(`${method}: ${answer.error.code}`)
    return answer.value as never
  }
}
