import { createHash, createHmac, randomBytes } from 'node:crypto'
import {
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

import { type CarriedOver, type UnsentWords, type WordsOnlyReason } from '@parley/contracts'

import { type EngineFeature } from '../feature.ts'
import { type EngineHost } from '../host.ts'
import { CacheTrouble, troubleOf } from '../store/cache-trouble.ts'
import {
  NOTHING,
  holdAll,
  putBack,
  salvage,
  storedWords,
  unsentIn,
  type Salvage,
} from '../store/carry-over.ts'
import { isLogDamaged } from '../store/write-ahead-log.ts'
import { Store } from '../store/store.ts'

type Features = readonly EngineFeature[]

/** The cache of one person on this device: a file and a key of its own. */
export interface PersonalCache {
  store: Store
  /** Closes it, and has it made anew with what can be read of it: it is damaged. */
  rebuild(): Promise<PersonalCache>
  /** Closes it, and leaves nothing but the person's own words, under another key. */
  leaveWords(because: WordsOnlyReason): Promise<PersonalCache>
  /** Removes the file and the key. Nothing of it can be read again. */
  destroy(): Promise<void>
}

/** Whose it is: a person of one server. What another server says to be the same person is none. */
export interface Owner {
  personId: string
  serverUrl: string
}

/** A file with the name of its key. */
interface Place {
  file: string
  secretName: string
}

/** What does not pass by waiting for it may be begun anew beside what is there. */
const MAY_BEGIN_BESIDE: ReadonlySet<CacheTrouble['reason']> = new Set<CacheTrouble['reason']>([
  'io',
  'cannot_open',
  'key_store',
  'other_key',
  'update_failed',
  'newer',
  // It could not be made anew.
  'damaged',
])
/** Damaged ones that are kept for support. */
const MOST_ASIDE = 3
const SIDE_FILES = ['', '-wal', '-shm']
const CARRIED_OVER = 'carriedOver'
/** There is nothing but words in it, and why. */
const WORDS_ONLY = 'wordsOnly'
/** All but the words of it is to go, and why: it is done before anything is shown, also after a stop in the middle. */
const ENDING = 'ending'

export const mayBeginBeside = ({ reason }: CacheTrouble): boolean => MAY_BEGIN_BESIDE.has(reason)

/**
 * Opens the person's cache, or makes a new one where there is none. One that is damaged is set aside and made anew.
 * @throws CacheTrouble; nothing was touched then
 */
export async function openPersonalCache(
  host: EngineHost,
  owner: Owner,
  features: Features,
): Promise<PersonalCache> {
  if (host.dataFolder === null) return inMemory(features)
  const shelf = new Shelf(host, host.dataFolder, owner, features)
  return await shelf.open()
}

/** Leaves what cannot be opened as it is, and begins anew beside it. */
export async function beginBeside(
  host: EngineHost,
  owner: Owner,
  features: Features,
  unsent: UnsentWords[],
): Promise<PersonalCache> {
  if (host.dataFolder === null) return inMemory(features)
  const shelf = new Shelf(host, host.dataFolder, owner, features)
  try {
    return await shelf.beginBeside(unsent)
  } catch (error) {
    // There is no key for this one either: it is kept nowhere, as where there is no key store.
    if (error instanceof CacheTrouble && error.reason === 'key_store') return inMemory(features)
    throw error
  }
}

/** What can be read of a cache that is not opened, for want of this build's understanding it. */
export async function peek(
  host: EngineHost,
  owner: Owner,
  features: Features,
): Promise<UnsentWords[]> {
  if (host.dataFolder === null) return []
  const { file, secretName } = placeOf(host.dataFolder, owner)
  const key = await host.readSecret(secretName)
  return key === null ? [] : salvage(file, key, features).unsent
}

export function readCarriedOver(store: Store): CarriedOver | null {
  const stored = store.getMeta(CARRIED_OVER)
  return stored === null ? null : (JSON.parse(stored) as CarriedOver)
}

export function forgetCarriedOver(store: Store): void {
  store.write(() => store.deleteMeta(CARRIED_OVER))
}

export function readWordsOnly(store: Store): WordsOnlyReason | null {
  return store.getMeta(WORDS_ONLY) as WordsOnlyReason | null
}

export function forgetWordsOnly(store: Store): void {
  store.write(() => store.deleteMeta(WORDS_ONLY))
}

export function readEnding(store: Store): WordsOnlyReason | null {
  return store.getMeta(ENDING) as WordsOnlyReason | null
}

export function markEnding(store: Store, because: WordsOnlyReason): void {
  try {
    store.write(() => store.setMeta(ENDING, because))
  } catch (error) {
    // What follows does without, unless it is stopped in the middle.
    if (!(error instanceof CacheTrouble)) throw error
  }
}

/** The name is ours: of what a server says to be somebody's id nothing gets into a path. */
export function cacheNameOf({ personId, serverUrl }: Owner): string {
  return createHash('sha256').update(`${serverUrl}\n${personId}`).digest('hex').slice(0, 32)
}

function placeOf(folder: string, owner: Owner, suffix = ''): Place {
  const name = `${cacheNameOf(owner)}${suffix}`
  return {
    file: join(folder, `cache-${name}.db`),
    secretName: `cache-key-${name}`,
  }
}

function inMemory(features: Features): PersonalCache {
  return inStore(Store.open(null, '', features), features)
}

function inStore(store: Store, features: Features): PersonalCache {
  return {
    store,
    rebuild: async () => {
      store.close()
      return inMemory(features)
    },
    leaveWords: async (because) => {
      const next = Store.open(null, '', features)
      leave(next, { ...wordsIn(store, features), because })
      store.close()
      return inStore(next, features)
    },
    destroy: async () => store.close(),
  }
}

/** What outlives a cache, into another one. */
function leave(store: Store, found: Salvage & Pick<CarriedOver, 'because'>): void {
  putBack(store, found)
  note(store, found)
  const { because } = found
  if (isOfWordsOnly(because)) store.write(() => store.setMeta(WORDS_ONLY, because))
}

/** By the open cache: what it shows of them beside their text goes with it. */
function wordsIn(store: Store, features: Features): Salvage {
  const carriedOver = readCarriedOver(store)
  const named = namedAsBefore(unsentIn(store, features), carriedOver)
  return { ...storedWords(store, features), unsent: withThoseBeside(named, carriedOver) }
}

/** What was shown of another cache goes with this one. */
function withThoseBeside(unsent: UnsentWords[], carriedOver: CarriedOver | null): UnsentWords[] {
  return carriedOver?.because === 'beside' ? [...unsent, ...carriedOver.unsent] : unsent
}

/** One person's caches in their folder: the one, and where that cannot be opened perhaps another one beside it. */
class Shelf {
  readonly #host: EngineHost
  readonly #features: Features
  readonly #own: Place
  readonly #beside: Place

  constructor(host: EngineHost, folder: string, owner: Owner, features: Features) {
    this.#host = host
    this.#features = features
    this.#own = placeOf(folder, owner)
    this.#beside = placeOf(folder, owner, '-beside')
  }

  async open(): Promise<PersonalCache> {
    const hasBeside = existsSync(this.#beside.file)
    let opened: PersonalCache | null = null
    try {
      opened = await this.#openAt(this.#own)
      if (hasBeside) await this.#bringBack(opened)
      return opened
    } catch (error) {
      opened?.store.close()
      if (hasBeside && error instanceof CacheTrouble && mayBeginBeside(error)) {
        return await this.#openAt(this.#beside)
      }
      throw error
    }
  }

  async beginBeside(unsent: UnsentWords[]): Promise<PersonalCache> {
    const opened = await this.#openAt(this.#beside)
    if (unsent.length > 0) note(opened.store, { because: 'beside', unsent, lost: 0 })
    return opened
  }

  /** What was written beside while it could not be opened. It waits here meanwhile, and may have been said again there. */
  async #bringBack(opened: PersonalCache): Promise<void> {
    const { file } = this.#beside
    const key = await this.#readKey(this.#beside)
    if (key !== null) {
      const found = salvage(file, key, this.#features)
      opened.store.write(() => {
        holdAll(opened.store, this.#features)
        putBack(opened.store, { ...found, meta: [] })
      })
      // The rest of it the server has.
      if (found.lost === 0) {
        await this.#writeKey(this.#beside, null)
        erase(file)
        return
      }
      note(opened.store, { because: 'damaged', ...found })
    }
    setAside(file)
  }

  async #openAt(place: Place): Promise<PersonalCache> {
    const { file } = place
    return await guarded(file, async () => {
      finishSwap(file)
      const known = await this.#readKey(place)
      const key = known ?? randomBytes(32).toString('hex')
      if (known === null) {
        await this.#writeKey(place, key)
        if (isThere(file)) this.#makeAnew(file, key, { ...NOTHING, because: 'key_lost' })
      } else if (!isThere(file) && existsSync(checkOf(file))) {
        // It was there, and somebody has taken it away or emptied it.
        this.#makeAnew(file, key, { ...NOTHING, because: 'damaged' })
      }
      const store = this.#openOrRebuild(file, key)
      try {
        writeCheck(file, key)
      } catch (error) {
        store.close()
        throw error
      }
      return this.#personal(place, key, store)
    })
  }

  #openOrRebuild(file: string, key: string): Store {
    if (isLogDamaged(`${file}-wal`)) this.#makeAnewOfWhatIsThere(file, key)
    try {
      return Store.open(file, key, this.#features)
    } catch (error) {
      if (!(error instanceof CacheTrouble) || error.reason !== 'damaged') throw error
      if (error.code === 'SQLITE_NOTADB' && !isCheckOf(file, key)) {
        if (!isCheckOf(`${file}.new`, key)) throw new CacheTrouble('other_key', error)
        // It was to be replaced by this one, whose key is the only one that there is now.
        erase(file)
        finishSwap(file)
      } else {
        this.#makeAnewOfWhatIsThere(file, key)
      }
      return Store.open(file, key, this.#features)
    }
  }

  /** Complete before it takes the old one's place, so that the old one is there for as long as it is needed. */
  #makeAnew(file: string, key: string, found: Salvage & Pick<CarriedOver, 'because'>): void {
    this.#build(file, key, found)
    setAside(file)
    finishSwap(file)
  }

  #makeAnewOfWhatIsThere(file: string, key: string): void {
    this.#makeAnew(file, key, { ...salvage(file, key, this.#features), because: 'damaged' })
  }

  #build(file: string, key: string, found: Salvage & Pick<CarriedOver, 'because'>): void {
    erase(`${file}.new`)
    const store = Store.open(`${file}.new`, key, this.#features)
    try {
      leave(store, found)
    } finally {
      store.close()
    }
    writeCheck(`${file}.new`, key)
  }

  #personal(place: Place, key: string, store: Store): PersonalCache {
    const { file } = place
    return {
      store,
      rebuild: async () => {
        store.close()
        return await guarded(file, async () => {
          this.#makeAnewOfWhatIsThere(file, key)
          return this.#personal(place, key, Store.open(file, key, this.#features))
        })
      },
      leaveWords: async (because) => {
        const { unsent } = wordsIn(store, this.#features)
        store.close()
        return await guarded(file, async () => {
          const found = { ...salvage(file, key, this.#features), meta: [], unsent }
          const next = randomBytes(32).toString('hex')
          this.#build(file, next, { ...found, because })
          await this.#writeKey(place, next)
          erase(file)
          eraseAside(file)
          finishSwap(file)
          const other = file === this.#own.file ? this.#beside : this.#own
          await this.#eraseAt(other)
          return this.#personal(place, next, Store.open(file, next, this.#features))
        })
      },
      destroy: async () => {
        store.close()
        await guarded(file, async () => {
          for (const each of [this.#own, this.#beside]) await this.#eraseAt(each)
        })
      },
    }
  }

  async #eraseAt(place: Place): Promise<void> {
    const { file } = place
    await this.#writeKey(place, null)
    erase(file)
    erase(`${file}.new`)
    eraseAside(file)
  }

  #readKey({ secretName }: Place): Promise<string | null> {
    return asKeyStore(() => this.#host.readSecret(secretName))
  }

  #writeKey({ secretName }: Place, key: string | null): Promise<void> {
    return asKeyStore(() => this.#host.writeSecret(secretName, key))
  }
}

async function asKeyStore<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw new CacheTrouble('key_store', error)
  }
}

/** The file system's own troubles are the cache's. */
async function guarded<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw troubleOf(error, file) ?? error
  }
}

/** Told to the person until they have seen it, over restarts. */
function note(store: Store, { because, unsent, lost }: Omit<CarriedOver, 'at'>): void {
  const at = new Date().toISOString()
  store.write(() =>
    store.setMeta(
      CARRIED_OVER,
      JSON.stringify({ because, at, unsent, lost } satisfies CarriedOver),
    ),
  )
}

const isOfWordsOnly = (because: CarriedOver['because']): because is WordsOnlyReason =>
  because !== 'damaged' && because !== 'key_lost' && because !== 'beside'

/** Whom they are for stood in a cache that is gone: it was noted when that went. */
export function namedAsBefore(
  unsent: readonly UnsentWords[],
  carriedOver: CarriedOver | null,
): UnsentWords[] {
  const names = new Map(
    carriedOver?.unsent.map(({ conversationId, customerName }) => [conversationId, customerName]),
  )
  return unsent.map((words) => ({
    ...words,
    customerName: words.customerName ?? names.get(words.conversationId) ?? null,
  }))
}

const isThere = (file: string): boolean =>
  (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0

/** Says which key a file was written with, without saying the key: a wrong one and damage look alike to SQLite. */
const checkOf = (file: string): string => `${file}.check`
const checkValue = (key: string): string =>
  createHmac('sha256', Buffer.from(key, 'hex')).update('parley cache').digest('hex')

function isCheckOf(file: string, key: string): boolean {
  return existsSync(checkOf(file)) && readFileSync(checkOf(file), 'utf8') === checkValue(key)
}

function writeCheck(file: string, key: string): void {
  if (!isCheckOf(file, key))
    writeFileSync(checkOf(file), checkValue(key), { flush: true, mode: 0o600 })
}

/** Never its end: what cannot be read today may be read by somebody else. */
function setAside(file: string): void {
  const aside = `${file}.aside-${Date.now()}`
  for (const suffix of SIDE_FILES) {
    if (existsSync(`${file}${suffix}`)) renameSync(`${file}${suffix}`, `${aside}${suffix}`)
  }
  for (const old of asideOf(file).slice(0, -MOST_ASIDE)) erase(old)
}

/** Oldest first. */
function asideOf(file: string): string[] {
  return readdirSync(dirname(file))
    .filter((name) => name.startsWith(`${basename(file)}.aside-`) && /-\d+$/.test(name))
    .toSorted()
    .map((name) => join(dirname(file), name))
}

function eraseAside(file: string): void {
  for (const old of asideOf(file)) erase(old)
}

/** A new one that is complete takes the place of one that is gone; also after a crash between the two. */
function finishSwap(file: string): void {
  const made = `${file}.new`
  if (existsSync(file) || !existsSync(made) || !existsSync(checkOf(made))) return
  // Another file's log must not be taken for its own.
  setAside(file)
  renameSync(made, file)
  renameSync(checkOf(made), checkOf(file))
}

function erase(file: string): void {
  for (const suffix of [...SIDE_FILES, '.check']) rmSync(`${file}${suffix}`, { force: true })
}
