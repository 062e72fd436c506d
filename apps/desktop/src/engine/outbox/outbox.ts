import { type AppError, type Intent, type OutboxView } from '@parley/contracts'
import { v7 as uuidv7 } from 'uuid'

import { Refusal, toRefusal, type ServerClient } from '../session/server-client.ts'
import { newApplied, type Applied } from '../store/applied.ts'
import { type Cache } from '../store/cache.ts'
import { type IntentDefinition } from './intent-definition.ts'
import { readOutbox, type OutboxRecord } from './outbox-table.ts'

export interface OutboxOptions {
  changed(applied: Applied): void
  /** Kept with the intent: the conversation may be lost before the intent is settled. */
  customerName(conversationId: string): string
}

/** A server that keeps failing on one intent must not hold up the others for ever. */
const MAXIMUM_ATTEMPTS = 5
const RETRY_MS = 3000

/**
 * What this person did and the server has not confirmed. An intent and its local effect are one
 * transaction; intents are sent in order; a refusal is kept until the person has decided.
 */
export class Outbox {
  readonly #cache: Cache
  readonly #options: OutboxOptions
  #client: ServerClient | null = null
  #sending = false
  #timer: NodeJS.Timeout | undefined

  constructor(cache: Cache, options: OutboxOptions) {
    this.#cache = cache
    this.#options = options
    this.#sendAgain()
  }

  /** The line to the server; null while there is none. */
  connect(client: ServerClient | null): void {
    this.#client = client
    clearTimeout(this.#timer)
    if (client === null) return
    this.#sendAgain()
    void this.#send()
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
    const intentId = uuidv7()
    this.add(intentId, conversationId, intent)
    return { intentId }
  }

  /** Without asking whether it can be accepted. Durable when it returns. */
  add(intentId: string, conversationId: string, payload: Intent): void {
    const { store } = this.#cache
    const createdAt = new Date().toISOString()
    store.write(() => {
      store.run(
        `INSERT INTO outbox (intent_id, kind, conversation_id, customer_name, payload, created_at, state)
         VALUES (?, ?, ?, ?, ?, ?, 'waiting')`,
        intentId,
        payload.kind,
        conversationId,
        this.#options.customerName(conversationId),
        JSON.stringify(payload),
        createdAt,
      )
      this.#takeEffect({ conversation_id: conversationId, payload, created_at: createdAt })
    })
    this.#tell({ conversation_id: conversationId, payload })
    void this.#send()
  }

  list(): OutboxView[] {
    return readOutbox(this.#cache.store).map((intent) => this.#toView(intent))
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
        `UPDATE outbox SET state = 'waiting', refusal = NULL, attempts = 0, payload = ? WHERE intent_id = ?`,
        JSON.stringify(payload),
        intentId,
      )
      this.#takeEffect({ ...intent, payload })
    })
    this.#tell(intent)
    void this.#send()
  }

  discard(intentId: string): void {
    const intent = this.#find(intentId)
    if (intent === undefined) throw new Refusal({ code: 'not_found', details: {} })
    if (intent.state === 'sending')
      throw new Refusal({ code: 'conflict', details: { action: 'sending' } })
    this.#cache.store.write(() => {
      this.#remove(intent)
      this.#undo(intent)
    })
    this.#tell(intent)
  }

  /** What shows at once, before the server knows of it. Inside a transaction. */
  #takeEffect(intent: Pick<OutboxRecord, 'conversation_id' | 'payload' | 'created_at'>): void {
    this.#cache.intentsChanged(intent.conversation_id)
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
    this.#cache.store.write(() =>
      this.#cache.store.run(`UPDATE outbox SET state = 'waiting' WHERE state = 'sending'`),
    )
  }

  #refused(intentId: string): OutboxRecord {
    const intent = this.#find(intentId)
    if (intent?.state !== 'refused') throw new Refusal({ code: 'not_found', details: {} })
    return intent
  }

  #find(intentId: string): OutboxRecord | undefined {
    return readOutbox(this.#cache.store).find((record) => record.intent_id === intentId)
  }

  async #send(): Promise<void> {
    if (this.#sending) return
    this.#sending = true
    try {
      for (let client = this.#client; client !== null; client = this.#client) {
        const next = readOutbox(this.#cache.store).find(({ state }) => state === 'waiting')
        if (next === undefined || !(await this.#sendOne(client, next))) return
      }
    } finally {
      this.#sending = false
    }
  }

  /** @returns false where sending must pause */
  async #sendOne(client: ServerClient, intent: OutboxRecord): Promise<boolean> {
    this.#setState(intent, 'sending')
    try {
      const ids = { intentId: intent.intent_id, conversationId: intent.conversation_id }
      const rows = await client.ask((trpc) =>
        this.#definition(intent).carryOut(trpc, intent.payload, ids),
      )
      // The line was given up meanwhile, and perhaps the cache with it: the next one asks again.
      if (this.#client !== client) return true
      const applied = newApplied({
        conversationId: intent.conversation_id,
        topics: ['outbox'],
        isOwnDoing: true,
      })
      this.#cache.store.write(() => {
        this.#remove(intent)
        this.#cache.applyItems(rows, applied)
      })
      this.#options.changed(applied)
      return true
    } catch (error) {
      if (this.#client !== client) return true
      return this.#failed(intent, toRefusal(error).error)
    }
  }

  #failed(intent: OutboxRecord, error: AppError): boolean {
    const isTemporary =
      error.code === 'server_unreachable' ||
      error.code === 'try_later' ||
      error.code === 'session_ended' ||
      error.code === 'unauthenticated' ||
      (error.code === 'internal' && intent.attempts + 1 < MAXIMUM_ATTEMPTS)
    if (this.#definition(intent).isDone?.(error) === true) {
      this.#remove(intent)
      this.#tell(intent)
      return true
    }
    if (!isTemporary) {
      this.#setState(intent, 'refused', error)
      return true
    }
    this.#setState(intent, 'waiting')
    this.#timer = setTimeout(() => void this.#send(), RETRY_MS)
    return false
  }

  #setState(intent: OutboxRecord, state: OutboxRecord['state'], refusal?: AppError): void {
    this.#cache.store.write(() => {
      this.#cache.store.run(
        `UPDATE outbox SET state = ?, refusal = ?, attempts = attempts + ? WHERE intent_id = ?`,
        state,
        refusal === undefined ? null : JSON.stringify(refusal),
        state === 'sending' ? 1 : 0,
        intent.intent_id,
      )
      this.#cache.intentsChanged(intent.conversation_id)
      if (state === 'refused') this.#undo(intent)
    })
    this.#tell(intent)
  }

  #remove(intent: OutboxRecord): void {
    this.#cache.store.write(() => {
      this.#cache.store.run('DELETE FROM outbox WHERE intent_id = ?', intent.intent_id)
      this.#cache.intentsChanged(intent.conversation_id)
    })
  }

  #tell(intent: Pick<OutboxRecord, 'conversation_id' | 'payload'>): void {
    this.#options.changed(
      newApplied({
        conversationId: intent.conversation_id,
        topics: ['outbox', ...(this.#definition(intent).topics ?? [])],
      }),
    )
  }

  #toView(intent: OutboxRecord): OutboxView {
    return {
      intentId: intent.intent_id,
      kind: intent.payload.kind,
      conversationId: intent.conversation_id,
      customerName: intent.customer_name,
      text: this.#definition(intent).text?.(intent.payload) ?? null,
      createdAt: intent.created_at,
      state: intent.state,
      refusal: refusalOf(intent),
    }
  }
}

function refusalOf(intent: OutboxRecord): AppError | null {
  return intent.refusal === null ? null : (JSON.parse(intent.refusal) as AppError)
}
