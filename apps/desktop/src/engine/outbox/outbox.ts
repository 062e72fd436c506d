import {
  type AppError,
  type ErrorCode,
  type Intent,
  type IntentKind,
  type OutboxView,
} from '@parley/contracts'

import { newId } from '../new-id.ts'
import { Refusal, retryDelayMs, toRefusal, type ServerClient } from '../session/server-client.ts'
import { newApplied, type Applied } from '../store/applied.ts'
import { CacheTrouble } from '../store/cache-trouble.ts'
import { type Cache } from '../store/cache.ts'
import { inTurn, type Placed, type Turns } from './in-turn.ts'
import { type IntentDefinition, type IntentOrder } from './intent-definition.ts'
import { findIntent, readOutbox, type OutboxRecord } from './outbox-table.ts'

export interface OutboxOptions {
  changed(applied: Applied): void
  /** Kept with the intent: the conversation may be lost before the intent is settled. */
  customerName(conversationId: string): string
  /** By the server's clock: what waits stands in the thread beside what the server has dated. */
  nowMs(): number
}

/**
 * What passes by itself, however long that takes: the line, the server's database, its limits, one's session. Nothing
 * is wrong with the intent, and its id makes repeating it harmless.
 */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'server_unreachable',
  'try_later',
  'too_many_attempts',
  'unauthenticated',
  'session_ended',
  'not_kept',
  'not_understood',
])
/**
 * `internal` is a fault of the server's on this very intent. It may pass, as with a server that is being replaced: so
 * many failures take about a minute. Then the person is told and decides.
 */
const MOST_FAILURES = 12

/** Something that fails, and is left alone for a while. */
interface Pause {
  failures: number
  /** By the monotonic clock. */
  untilMs: number
}

/** What is undone was done a moment ago. */
const MOST_NAMES = 50

type PlacedIntent = Placed & Pick<OutboxRecord, 'kind'>

const NONE: Pause = { failures: 0, untilMs: 0 }

/**
 * What this person did and the server has not confirmed. An intent and its local effect are one transaction. Intents
 * are sent one at a time, those of a conversation in their order; a refusal is kept until the person has decided.
 */
export class Outbox {
  readonly #cache: Cache
  readonly #options: OutboxOptions
  #client: ServerClient | null = null
  #sending = false
  /** One may stand as being sent that is not. */
  #isStateLost = false
  /** The one that sends when a pause is over. */
  #timer: NodeJS.Timeout | undefined
  /** After what may be the whole line's trouble; over as soon as something gets through. */
  #pause = NONE
  /** After what may be the trouble of one conversation, or of one intent that is in no order: others go first. */
  readonly #pauses = new Map<string, Pause>()
  /**
   * Made since the start and never sent. Of others a try may have arrived although its answer was lost; and nothing that
   * is older is taken back.
   */
  readonly #unsent = new Set<string>()
  /** Customers' names by conversation, the one that something was done to last at the end. */
  readonly #names = new Map<string, string>()

  constructor(cache: Cache, options: OutboxOptions) {
    this.#cache = cache
    this.#options = options
    this.#sendAgain()
  }

  /** The line to the server; null while there is none. */
  connect(client: ServerClient | null): void {
    this.#client = client
    this.#pause = NONE
    this.#pauses.clear()
    if (client !== null) this.#sendAgain()
    this.wake()
  }

  /** Something may be sent that could not before. */
  wake(): void {
    // Not at once: the caller's transaction may not be committed, and what is not kept is not sent.
    queueMicrotask(() => void this.#send())
  }

  /**
   * Keeps what the person wants; it is durable when it returns.
   * @throws Refusal by whichever guard does not accept it
   */
  intend(conversationId: string, intent: Intent): { intentId: string } {
    for (const guard of this.#cache.registry.guardsOf(intent.kind)) {
      const refusal = guard(this.#cache, conversationId, intent)
      if (refusal !== null) throw new Refusal(refusal)
    }
    const intentId = newId()
    this.add(intentId, conversationId, intent)
    return { intentId }
  }

  /** Without asking whether it can be accepted. Durable when it returns. */
  add(intentId: string, conversationId: string, payload: Intent): void {
    const { store } = this.#cache
    const createdAt = new Date(this.#options.nowMs()).toISOString()
    store.write(() => {
      store.run(
        `INSERT INTO outbox (intent_id, kind, conversation_id, customer_name, payload, created_at, state)
         VALUES (?, ?, ?, ?, ?, ?, 'waiting')`,
        intentId,
        payload.kind,
        conversationId,
        this.#nameIn(conversationId),
        JSON.stringify(payload),
        createdAt,
      )
      this.#takeEffect({ payload, created_at: createdAt })
    })
    this.#unsent.add(intentId)
    this.#tell({ conversation_id: conversationId, payload })
    this.wake()
  }

  /** Of a conversation that has left this cache since, as it was then: what took it away is what is undone. */
  #nameIn(conversationId: string): string {
    const name = this.#options.customerName(conversationId) || this.#names.get(conversationId) || ''
    this.#names.delete(conversationId)
    this.#names.set(conversationId, name)
    const [oldest] = this.#names.keys()
    if (this.#names.size > MOST_NAMES && oldest !== undefined) this.#names.delete(oldest)
    return name
  }

  list(): OutboxView[] {
    const { held } = this.#turns()
    return readOutbox(this.#cache.store).map((intent) => this.#toView(intent, held))
  }

  refusedOn(conversationId: string): OutboxView[] {
    return readOutbox(this.#cache.store, conversationId)
      .filter(({ state }) => state === 'refused')
      .map((intent) => this.#toView(intent))
  }

  counts(): { waiting: number; refused: number } {
    const rows = this.#cache.store.all<{ state: string; count: number }>(
      'SELECT state, COUNT(*) AS count FROM outbox GROUP BY state',
    )
    const of = (state: string): number => rows.find((row) => row.state === state)?.count ?? 0
    return { waiting: of('waiting') + of('sending'), refused: of('refused') }
  }

  /** The person wants a refused intent sent again, knowing why it was refused. */
  retry(intentId: string): void {
    const intent = this.#refused(intentId)
    const payload =
      this.#definition(intent).again?.(intent.payload, refusalOf(intent)) ?? intent.payload
    this.#cache.store.write(() => {
      this.#cache.store.run(
        `UPDATE outbox SET state = 'waiting', refusal = NULL, failures = 0, payload = ? WHERE intent_id = ?`,
        JSON.stringify(payload),
        intentId,
      )
      this.#takeEffect({ ...intent, payload })
    })
    this.#pauses.delete(this.#laneOf(intent))
    this.#tell(intent)
    this.wake()
  }

  discard(intentId: string): void {
    const intent = findIntent(this.#cache.store, intentId)
    if (intent === null) throw new Refusal({ code: 'not_found', details: {} })
    if (intent.state === 'sending')
      throw new Refusal({ code: 'conflict', details: { action: 'sending' } })
    this.#cache.store.write(() => {
      this.#remove(intent)
      this.#undo(intent)
    })
    this.#unsent.delete(intentId)
    this.#pauses.delete(this.#laneOf(intent))
    this.#tell(intent)
    this.wake()
  }

  /** The person thinks better of it: as if it had never been, if the server cannot have heard of it. */
  takeBack(intentId: string): boolean {
    const intent = findIntent(this.#cache.store, intentId)
    // Refused, it has changed nothing, and is not to later.
    const isNothing = intent?.state === 'refused'
    if (!isNothing && (intent?.state !== 'waiting' || !this.#unsent.has(intentId))) return false
    this.discard(intentId)
    return true
  }

  /** What shows at once, before the server knows of it. Inside a transaction. */
  #takeEffect(intent: Pick<OutboxRecord, 'payload' | 'created_at'>): void {
    this.#definition(intent).takeEffect?.(this.#cache, intent.payload, intent.created_at)
  }

  /** Its effect on other things than its conversation, which is shown by the intents there are. */
  #undo(intent: OutboxRecord): void {
    this.#definition(intent).undo?.(this.#cache, intent.payload)
  }

  #definition({ payload }: Pick<OutboxRecord, 'payload'>): IntentDefinition {
    return this.#cache.registry.intentOf(payload.kind)
  }

  /** What was being sent when the line broke or the workstation stopped: its id makes that harmless. */
  #sendAgain(): void {
    this.#isStateLost = true
    try {
      this.#cache.store.write(() =>
        this.#cache.store.run(`UPDATE outbox SET state = 'waiting' WHERE state = 'sending'`),
      )
      this.#isStateLost = false
    } catch (error) {
      // The store has told whoever listens; it is tried again before anything is sent.
      if (!(error instanceof CacheTrouble)) throw error
    }
  }

  #refused(intentId: string): OutboxRecord {
    const intent = findIntent(this.#cache.store, intentId)
    if (intent?.state !== 'refused') throw new Refusal({ code: 'not_found', details: {} })
    return intent
  }

  async #send(): Promise<void> {
    if (this.#sending) return
    this.#sending = true
    try {
      for (let client = this.#client; client !== null; client = this.#client) {
        if (this.#isStateLost && !this.#regainState()) return
        const next = this.#next()
        if (next === null) return
        await this.#sendOne(client, next)
      }
      clearTimeout(this.#timer)
    } catch (error) {
      if (!(error instanceof CacheTrouble)) throw error
      this.#couldNotKeep()
    } finally {
      this.#sending = false
    }
  }

  /** What has become of one could not be written: it is sent again, later, under the id that makes that harmless. */
  #couldNotKeep(): void {
    this.#isStateLost = true
    this.#pause = paused(this.#pause, { code: 'not_kept', details: {} })
    this.#sendLater(this.#pause.untilMs)
  }

  /** @returns whether every intent stands as what it is again; otherwise that is tried later */
  #regainState(): boolean {
    if (this.#pause.untilMs > performance.now()) this.#sendLater(this.#pause.untilMs)
    else {
      this.#sendAgain()
      if (this.#isStateLost) this.#couldNotKeep()
    }
    return !this.#isStateLost
  }

  /** @param atMs by the monotonic clock */
  #sendLater(atMs: number): void {
    clearTimeout(this.#timer)
    const waitMs = Math.max(0, Math.ceil(atMs - performance.now()))
    this.#timer = setTimeout(() => void this.#send(), waitMs)
  }

  /** What may be sent now; null where nothing may, and then the timer is set for what has to pause. */
  #next(): OutboxRecord | null {
    clearTimeout(this.#timer)
    const { ready } = this.#turns()
    const pausing = ready.map((intent) => ({
      intentId: intent.intent_id,
      ...(this.#pauses.get(this.#laneOf(intent)) ?? NONE),
    }))
    // Who has failed less goes first; with the same, who was there first.
    const [first] = pausing
      .filter(({ untilMs }) => untilMs <= performance.now())
      .toSorted((a, b) => a.failures - b.failures)
    if (first !== undefined && this.#pause.untilMs <= performance.now()) {
      return findIntent(this.#cache.store, first.intentId)
    }
    if (pausing.length > 0) {
      const soonest = Math.min(...pausing.map(({ untilMs }) => untilMs))
      this.#sendLater(Math.max(this.#pause.untilMs, soonest))
    }
    return null
  }

  #turns(): Turns<PlacedIntent> {
    const intents = this.#cache.store.all<PlacedIntent>(
      'SELECT intent_id, conversation_id, state, kind FROM outbox ORDER BY position',
    )
    return inTurn(intents, ({ kind }) => this.#orderOf(kind))
  }

  #orderOf(kind: IntentKind): IntentOrder {
    return this.#cache.registry.intentOf(kind).order ?? 'in_turn'
  }

  /** What pauses together. */
  #laneOf({ kind, intent_id, conversation_id }: PlacedIntent): string {
    return this.#orderOf(kind) === 'any' ? intent_id : conversation_id
  }

  async #sendOne(client: ServerClient, intent: OutboxRecord): Promise<void> {
    this.#setState(intent, 'sending')
    this.#unsent.delete(intent.intent_id)
    try {
      const ids = { intentId: intent.intent_id, conversationId: intent.conversation_id }
      await this.#cache.answering(async (asked) => {
        const rows = await client.ask((trpc) =>
          this.#definition(intent).carryOut(trpc, intent.payload, ids),
        )
        // The line was given up meanwhile, and perhaps the cache with it: the next one asks again.
        if (this.#client !== client) return
        const applied = newApplied({
          conversationId: intent.conversation_id,
          topics: ['outbox'],
          isOwnDoing: true,
        })
        this.#cache.store.write(() => {
          this.#remove(intent)
          this.#cache.applyAnswer(rows, asked, { applied, isAlone: true })
        })
        this.#gotThrough(intent)
        this.#options.changed(applied)
      })
    } catch (error) {
      if (this.#client !== client) return
      this.#failed(intent, toRefusal(error).error)
    }
  }

  #failed(intent: OutboxRecord, error: AppError): void {
    const hasFailed = error.code === 'internal'
    if (this.#definition(intent).isDone?.(error) === true) {
      this.#gotThrough(intent)
      this.#remove(intent)
      this.#tell(intent)
    } else if (PASSING.has(error.code)) {
      this.#setState(intent, 'waiting')
      this.#pause = paused(this.#pause, error)
      // What the server cannot do now it may be able to do for another conversation.
      if (error.code === 'try_later') this.#pauseLane(intent, error)
    } else if (hasFailed && intent.failures + 1 < MOST_FAILURES) {
      this.#setState(intent, 'waiting', { hasFailed })
      this.#pauseLane(intent, error)
    } else {
      this.#gotThrough(intent)
      this.#setState(intent, 'refused', { refusal: error, hasFailed })
    }
  }

  /** The server has said something about it: the line works. */
  #gotThrough(intent: OutboxRecord): void {
    this.#pause = NONE
    this.#pauses.delete(this.#laneOf(intent))
  }

  #pauseLane(intent: OutboxRecord, error: AppError): void {
    const lane = this.#laneOf(intent)
    this.#pauses.set(lane, paused(this.#pauses.get(lane) ?? NONE, error))
  }

  #setState(
    intent: OutboxRecord,
    state: OutboxRecord['state'],
    { refusal, hasFailed = false }: { refusal?: AppError; hasFailed?: boolean } = {},
  ): void {
    this.#cache.store.write(() => {
      const changed = this.#cache.store.run(
        `UPDATE outbox SET state = ?, refusal = ?, failures = failures + ? WHERE intent_id = ?`,
        state,
        refusal === undefined ? null : JSON.stringify(refusal),
        hasFailed ? 1 : 0,
        intent.intent_id,
      )
      // The feed has said meanwhile that it took effect: there is nothing to take back.
      if (changed === 0) return
      if (state === 'refused') this.#undo(intent)
    })
    this.#tell(intent)
  }

  #remove(intent: OutboxRecord): void {
    this.#cache.store.write(() =>
      this.#cache.store.run('DELETE FROM outbox WHERE intent_id = ?', intent.intent_id),
    )
  }

  #tell(intent: Pick<OutboxRecord, 'conversation_id' | 'payload'>): void {
    this.#options.changed(
      newApplied({
        conversationId: intent.conversation_id,
        topics: ['outbox', ...(this.#definition(intent).topics ?? [])],
      }),
    )
  }

  #toView(intent: OutboxRecord, held?: ReadonlySet<string>): OutboxView {
    return {
      intentId: intent.intent_id,
      kind: intent.payload.kind,
      conversationId: intent.conversation_id,
      customerName: intent.customer_name,
      text: this.#definition(intent).text?.(intent.payload) ?? null,
      createdAt: intent.created_at,
      state: intent.state,
      isHeld: held?.has(intent.intent_id) ?? false,
      refusal: refusalOf(intent),
    }
  }
}

function paused({ failures }: Pause, error: AppError): Pause {
  const delayMs = retryDelayMs(failures, Math.random(), error)
  return { failures: failures + 1, untilMs: performance.now() + delayMs }
}

function refusalOf(intent: OutboxRecord): AppError | null {
  return intent.refusal === null ? null : (JSON.parse(intent.refusal) as AppError)
}
