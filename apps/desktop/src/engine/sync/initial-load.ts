import { setImmediate } from 'node:timers/promises'

import { type BootstrapPage, type PutItem } from '@parley/contracts'

import { toRefusal, type ServerClient } from '../session/server-client.ts'
import { type Cache } from '../store/cache.ts'

/** One that was broken off longer ago is begun anew: what it has brought is too old by then. */
const LONGEST_BROKEN_OFF_MS = 60 * 60_000
/** Pages are gathered up to so many rows, or for so long: half of a load's time would be commits otherwise. */
const GATHERED_ROWS = 2000
const GATHERED_MS = 250
/** How long others wait for a part of it: longer while there is nothing to be shown. */
const SLICE_MS = 40
const FIRST_SLICE_MS = 250

export interface LoadWatch {
  isStopped(): boolean
  /** So many rows have come so far. */
  loaded(rows: number): void
  /** Some of them are in the cache. */
  taken(): void
}

/**
 * Everything that the person is to hold, page by page, behind the running view. Each part is in the cache with the page
 * that follows it, so that a load that was broken off goes on from there, over restarts, too.
 *
 * @returns whether it is complete; false where it was stopped
 * @throws Refusal
 */
export async function loadInitially(
  client: ServerClient,
  cache: Cache,
  watch: LoadWatch,
): Promise<boolean> {
  if (cache.load !== null && isTooOld(cache.load.begunAt)) cache.giveUpLoad()
  const applier = new Applier(cache, watch)
  const begun = cache.load?.page ?? null
  watch.loaded(begun === null ? 0 : (cache.load?.rows ?? 0))
  let next: Promise<BootstrapPage> | null = ask(client, begun)
  let answer: BootstrapPage | null = null
  while (next !== null) {
    answer = await goingOn(next, begun, cache)
    if (watch.isStopped()) return false
    if (answer.cursor !== null) cache.beginLoad(answer.cursor)
    // The next one is on its way while this one is taken in.
    next = answer.nextPage === null ? null : ask(client, answer.nextPage)
    await applier.take(answer)
    if (watch.isStopped()) return false
  }
  cache.finishLoad(answer?.coverage ?? null)
  return true
}

function ask(client: ServerClient, page: string | null): Promise<BootstrapPage> {
  const asked = client.ask((trpc) => trpc.sync.bootstrap.query({ page }))
  // Heard of when it is waited for.
  asked.catch(() => {})
  return asked
}

/** A page of another epoch is none that the server knows: the load begins anew, at the next try. */
async function goingOn(
  asked: Promise<BootstrapPage>,
  begun: string | null,
  cache: Cache,
): Promise<BootstrapPage> {
  try {
    return await asked
  } catch (error) {
    const { code } = toRefusal(error).error
    if (code === 'invalid_input' && (begun !== null || cache.load !== null)) cache.giveUpLoad()
    throw error
  }
}

/** By this device's clock, which may have been set. */
function isTooOld(begunAt: string): boolean {
  const ageMs = Date.now() - Date.parse(begunAt)
  return ageMs < 0 || ageMs > LONGEST_BROKEN_OFF_MS
}

/** Takes in what pages bring, in commits that are large, and no longer than others can wait. */
class Applier {
  readonly #cache: Cache
  readonly #watch: LoadWatch
  #gathered: PutItem[] = []
  /** When something was taken in last, by the monotonic clock. */
  #takenAtMs = Number.NEGATIVE_INFINITY
  /** Rows for a slice, by how long the one before took. */
  #rows = 500

  constructor(cache: Cache, watch: LoadWatch) {
    this.#cache = cache
    this.#watch = watch
  }

  async take({ items, nextPage }: BootstrapPage): Promise<void> {
    this.#gathered.push(...items)
    this.#watch.loaded((this.#cache.load?.rows ?? 0) + this.#gathered.length)
    const isSoon = performance.now() - this.#takenAtMs < GATHERED_MS
    if (nextPage !== null && this.#gathered.length < GATHERED_ROWS && isSoon) return
    await this.#takeGathered(nextPage)
    this.#takenAtMs = performance.now()
    this.#watch.taken()
  }

  async #takeGathered(nextPage: string | null): Promise<void> {
    const gathered = inWholes(this.#gathered)
    this.#gathered = []
    for (let from = 0; from < gathered.length || from === 0;) {
      const slice: PutItem[] = []
      while (from < gathered.length && slice.length < this.#rows) {
        slice.push(...(gathered[from] ?? []))
        from += 1
      }
      this.#apply(slice, from >= gathered.length ? nextPage : null)
      await setImmediate()
      if (this.#watch.isStopped() || from === 0) return
    }
  }

  #apply(slice: readonly PutItem[], page: string | null): void {
    const startedMs = performance.now()
    this.#cache.applyLoaded(slice, page)
    const tookMs = performance.now() - startedMs
    const wantedMs = this.#cache.completeLoad === 0 ? FIRST_SLICE_MS : SLICE_MS
    const rows = (slice.length * wantedMs) / Math.max(1, tookMs)
    this.#rows = Math.round(Math.min(5000, Math.max(100, rows)))
  }
}

/**
 * What must be applied together: a conversation that comes whole with its thread and its customer, who is not kept before
 * it; anything else by itself, in order.
 */
function inWholes(items: readonly PutItem[]): PutItem[][] {
  const wholes = new Map<string, PutItem[]>()
  const ofCustomers = new Map<string, string>()
  for (const item of items) {
    if (!('whole' in item) || item.whole !== true) continue
    wholes.set(item.row.id, [])
    ofCustomers.set(item.row.customerId, item.row.id)
  }
  const others: PutItem[][] = []
  for (const item of items) {
    const { conversationId = ofCustomers.get(item.row.id) ?? item.row.id } = item.row as {
      id: string
      conversationId?: string
    }
    const whole = wholes.get(conversationId)
    if (whole === undefined) others.push([item])
    else if (item.row.id === conversationId) whole.unshift(item)
    else whole.push(item)
  }
  return [...others, ...wholes.values()]
}
