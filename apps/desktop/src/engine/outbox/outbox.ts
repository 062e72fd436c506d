import { type AppError, type OutboxKind, type OutboxView, type PutItem } from '@parley/contracts'

import { Refusal, toRefusal, type ServerClient } from '../session/server-client.ts'
import { nothingApplied, type Applied, type Cache } from '../store/cache.ts'
import { type IntentPayload, type OutboxRecord } from './outbox-record.ts'
import { readOutbox } from './read-outbox.ts'

export interface OutboxEvents {
  changed(applied: Applied): void
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
  readonly #events: OutboxEvents
  #client: ServerClient | null = null
  #sending = false
  #timer: NodeJS.Timeout | undefined

  constructor(cache: Cache, events: OutboxEvents) {
    this.#cache = cache
    this.#events = events
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

  /** Durable when it returns. */
  add(intentId: string, conversationId: string, payload: IntentPayload): void {
    const { store } = this.#cache
    const createdAt = new Date().toISOString()
    store.write(() => {
      store.run(
        `INSERT INTO outbox (intent_id, kind, conversation_id, customer_name, payload, created_at, state)
         VALUES (?, ?, ?, ?, ?, ?, 'waiting')`,
        intentId,
        payload.kind,
        conversationId,
        this.#cache.customerName(conversationId),
        JSON.stringify(payload),
        createdAt,
      )
      this.#takeEffect(conversationId, payload, createdAt)
    })
    this.#tell({ conversation_id: conversationId, payload })
    void this.#send()
  }

  list(): OutboxView[] {
    return readOutbox(this.#cache.store).map(toView)
  }

  refusedOn(conversationId: string): OutboxView[] {
    return readOutbox(this.#cache.store, conversationId)
      .filter(({ state }) => state === 'refused')
      .map(toView)
  }

  counts(): { waiting: number; refused: number } {
    const rows = this.#cache.store.all<{ state: string; count: number }>(
      'SELECT state, COUNT(*) AS count FROM outbox GROUP BY state',
    )
    const of = (state: string): number => rows.find((row) => row.state === state)?.count ?? 0
    return { waiting: of('waiting') + of('sending'), refused: of('refused') }
  }

  /** The person wants a refused intent sent again; an outdated reply goes although somebody answered. */
  retry(intentId: string): void {
    const intent = this.#refused(intentId)
    const payload: IntentPayload =
      intent.payload.kind === 'reply' && refusalOf(intent)?.code === 'reply_outdated'
        ? { ...intent.payload, despiteNewerReply: true }
        : intent.payload
    this.#cache.store.write(() => {
      this.#cache.store.run(
        `UPDATE outbox SET state = 'waiting', refusal = NULL, attempts = 0, payload = ? WHERE intent_id = ?`,
        JSON.stringify(payload),
        intentId,
      )
      this.#takeEffect(intent.conversation_id, payload, intent.created_at)
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
  #takeEffect(conversationId: string, payload: IntentPayload, at: string): void {
    this.#cache.refreshEffective(conversationId)
    if (payload.kind === 'acknowledge') this.#cache.alerts.acknowledge(payload.alertId, at)
  }

  /** Its effect on other things than its conversation, which is shown by the intents there are. */
  #undo({ payload }: OutboxRecord): void {
    if (payload.kind === 'acknowledge') this.#cache.alerts.takeBack(payload.alertId)
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
      const rows = await client.ask((trpc) => carryOut(trpc, intent))
      // The line was given up meanwhile, and perhaps the cache with it: the next one asks again.
      if (this.#client !== client) return true
      const applied = nothingApplied()
      this.#cache.store.write(() => {
        this.#remove(intent)
        this.#cache.applyRows(rows, applied)
      })
      applied.outbox = true
      applied.conversationIds.add(intent.conversation_id)
      // What I did myself is no news to me.
      applied.assigned = []
      this.#events.changed(applied)
      return true
    } catch (error) {
      if (this.#client !== client) return true
      return this.#failed(intent, toRefusal(error).error)
    }
  }

  #failed(intent: OutboxRecord, error: AppError): boolean {
    const isTemporary =
      error.code === 'server_unreachable' ||
      error.code === 'session_ended' ||
      error.code === 'unauthenticated' ||
      (error.code === 'internal' && intent.attempts + 1 < MAXIMUM_ATTEMPTS)
    if (isDoneAnyway(intent, error)) {
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
      this.#cache.refreshEffective(intent.conversation_id)
      if (state === 'refused') this.#undo(intent)
    })
    this.#tell(intent)
  }

  #remove(intent: OutboxRecord): void {
    this.#cache.store.write(() => {
      this.#cache.store.run('DELETE FROM outbox WHERE intent_id = ?', intent.intent_id)
      this.#cache.refreshEffective(intent.conversation_id)
    })
  }

  #tell({ conversation_id, payload }: Pick<OutboxRecord, 'conversation_id' | 'payload'>): void {
    this.#events.changed({
      ...nothingApplied(),
      outbox: true,
      alerts: payload.kind === 'acknowledge',
      conversationIds: new Set([conversation_id]),
    })
  }
}

type Trpc = ServerClient['trpc']

/** The procedure behind each kind of intent. Answers the rows as they stand afterwards. */
async function carryOut(trpc: Trpc, intent: OutboxRecord): Promise<PutItem[]> {
  const { payload, intent_id: intentId, conversation_id: conversationId } = intent
  switch (payload.kind) {
    case 'reply': {
      const answer = await trpc.messages.send.mutate({
        id: intentId,
        conversationId,
        text: payload.text,
        lastSeenSeq: payload.lastSeenSeq,
        despiteNewerReply: payload.despiteNewerReply,
      })
      return [conversationItem(answer), { op: 'put', kind: 'message', row: answer.message }]
    }
    case 'retry': {
      const answer = await trpc.messages.retry.mutate({ intentId, messageId: payload.messageId })
      return [conversationItem(answer), { op: 'put', kind: 'message', row: answer.message }]
    }
    case 'settle': {
      const { messageId, as } = payload
      const answer = await trpc.messages.settle.mutate({ intentId, messageId, as })
      return [conversationItem(answer), { op: 'put', kind: 'message', row: answer.message }]
    }
    case 'claim':
      return [conversationItem(await trpc.conversations.claim.mutate({ intentId, conversationId }))]
    case 'take_over':
      return [
        conversationItem(await trpc.conversations.takeOver.mutate({ intentId, conversationId })),
      ]
    case 'assign':
      return [
        conversationItem(
          await trpc.conversations.assign.mutate({
            intentId,
            conversationId,
            userId: payload.userId,
          }),
        ),
      ]
    case 'transfer':
      return [
        conversationItem(
          await trpc.conversations.transfer.mutate({
            intentId,
            conversationId,
            to: payload.to,
            note: payload.note,
          }),
        ),
      ]
    case 'release':
      return [
        conversationItem(await trpc.conversations.release.mutate({ intentId, conversationId })),
      ]
    case 'close':
      return [
        conversationItem(
          await trpc.conversations.close.mutate({
            intentId,
            conversationId,
            reason: payload.reason,
          }),
        ),
      ]
    case 'reopen':
      return [
        conversationItem(await trpc.conversations.reopen.mutate({ intentId, conversationId })),
      ]
    case 'set_priority':
      return [
        conversationItem(
          await trpc.conversations.setPriority.mutate({
            intentId,
            conversationId,
            priority: payload.priority,
          }),
        ),
      ]
    case 'acknowledge':
      // The alert's own row comes by the feed; here it has ended already.
      await trpc.alerts.acknowledge.mutate({ intentId, alertId: payload.alertId })
      return []
  }
}

/** An alert that the server does not know any more needs no acknowledgement. */
function isDoneAnyway({ payload }: OutboxRecord, { code }: AppError): boolean {
  return payload.kind === 'acknowledge' && code === 'not_found'
}

function conversationItem(answer: {
  conversation: Extract<PutItem, { kind: 'conversation' }>['row']
}): PutItem {
  return { op: 'put', kind: 'conversation', row: answer.conversation }
}

function refusalOf(intent: OutboxRecord): AppError | null {
  return intent.refusal === null ? null : (JSON.parse(intent.refusal) as AppError)
}

function toView(intent: OutboxRecord): OutboxView {
  return {
    intentId: intent.intent_id,
    kind: intent.payload.kind as OutboxKind,
    conversationId: intent.conversation_id,
    customerName: intent.customer_name,
    text: intent.payload.kind === 'reply' ? intent.payload.text : null,
    createdAt: intent.created_at,
    state: intent.state,
    refusal: refusalOf(intent),
  }
}
