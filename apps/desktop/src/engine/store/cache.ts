import {
  type ConversationRow,
  type CustomerRow,
  type EventRow,
  type FeedItem,
  type MessageRow,
  type OfferRow,
  type PersonRow,
  type PutItem,
  type TeamRow,
} from '@parley/contracts'
import { PRIORITIES, may, type Actor } from '@parley/domain'

import { type OutboxRecord } from '../outbox/outbox-record.ts'
import { readOutbox } from '../outbox/read-outbox.ts'
import { CachedAlerts } from './alerts.ts'
import { instantsOf } from './clock-instants.ts'
import { effectiveConversation } from './effective.ts'
import { type Store } from './store.ts'

/** What an applied batch did, for whoever shows it or tells the person. */
export interface Applied {
  conversationIds: Set<string>
  directory: boolean
  cannedResponses: boolean
  outbox: boolean
  /** Open offers came or went. */
  offers: boolean
  /** Alerts to this person came, changed or ended, or how they want to be told. */
  alerts: boolean
  /** The person's own role or teams changed; true where there is more to see now, which must be fetched. */
  gainedAccess: boolean
  /** Conversations that became this person's own by somebody else's doing. */
  assigned: string[]
  /** Conversations of this person's own in which a customer wrote. */
  written: string[]
  /** Offers to this person that are new. */
  offered: OfferRow[]
  /** Offers that are decided, by id. */
  offersOver: string[]
}

export function nothingApplied(): Applied {
  return {
    conversationIds: new Set(),
    directory: false,
    cannedResponses: false,
    outbox: false,
    offers: false,
    alerts: false,
    gainedAccess: false,
    assigned: [],
    written: [],
    offered: [],
    offersOver: [],
  }
}

/** Messages that are no words to answer. */
const QUIET_TYPES = new Set(['reaction', 'system', 'edit', 'revoke', 'request_welcome'])

/** For so long after it was made nothing late can open a decided offer again. */
const OFFERS_KEPT_MS = 24 * 60 * 60 * 1000

/**
 * The cache's content for one person: rows from the server, each applied only if it is newer than what is
 * there, and only if this person may see it.
 */
export class Cache {
  readonly store: Store
  readonly myId: string
  readonly alerts: CachedAlerts

  constructor(store: Store, myId: string) {
    this.store = store
    this.myId = myId
    this.alerts = new CachedAlerts(store, myId)
  }

  get actor(): Actor {
    const access = this.store.getMeta('access')
    const { role, teamIds } = JSON.parse(access ?? '{"role":"agent","teamIds":[]}') as Omit<
      Actor,
      'userId'
    >
    return { userId: this.myId, role, teamIds }
  }

  setAccess(access: Omit<Actor, 'userId'>): void {
    this.store.setMeta('access', JSON.stringify(access))
  }

  get cursor(): string | null {
    return this.store.getMeta('cursor')
  }

  /** A feed batch and its cursor, in one transaction. */
  applyBatch(items: readonly FeedItem[], cursor: string): Applied {
    const applied = nothingApplied()
    this.store.write(() => {
      for (const item of items) this.#apply(item, applied)
      this.store.setMeta('cursor', cursor)
    })
    return applied
  }

  /** Rows from an answer or an older page, without a cursor. */
  applyRows(items: readonly PutItem[], applied: Applied = nothingApplied()): Applied {
    this.store.write(() => {
      for (const item of items) this.#apply(item, applied)
    })
    return applied
  }

  /** A page of the initial load. What the server says now is the truth, whatever the versions were. */
  applyBootstrapPage(items: readonly PutItem[], generation: number): void {
    this.store.write(() => {
      for (const item of items) this.#put(item, nothingApplied(), { force: true, generation })
    })
  }

  /** The initial load is complete: what it did not bring is not this person's any more. */
  finishBootstrap(generation: number, cursor: string): void {
    this.store.write(() => {
      const stale = this.store.all<{ id: string }>(
        'SELECT id FROM conversations WHERE generation < ?',
        generation,
      )
      for (const { id } of stale) this.#removeConversation(id)
      this.store.run('DELETE FROM offers WHERE generation < ?', generation)
      this.alerts.endUnseen(generation, new Date().toISOString())
      this.store.setMeta('generation', String(generation))
      this.store.setMeta('cursor', cursor)
    })
  }

  get generation(): number {
    return Number(this.store.getMeta('generation') ?? '0')
  }

  conversation(id: string): ConversationRow | null {
    const record = this.store.get<{ row: string }>('SELECT row FROM conversations WHERE id = ?', id)
    return record === undefined ? null : (JSON.parse(record.row) as ConversationRow)
  }

  /** With the person's unsent intents carried out. */
  effective(id: string): ConversationRow | null {
    const record = this.store.get<{ effective: string }>(
      'SELECT effective FROM conversations WHERE id = ?',
      id,
    )
    return record === undefined ? null : (JSON.parse(record.effective) as ConversationRow)
  }

  customer(id: string): CustomerRow | null {
    const record = this.store.get<{ row: string }>('SELECT row FROM customers WHERE id = ?', id)
    return record === undefined ? null : (JSON.parse(record.row) as CustomerRow)
  }

  person(id: string): PersonRow | null {
    const record = this.store.get<{ row: string }>('SELECT row FROM people WHERE id = ?', id)
    return record === undefined ? null : (JSON.parse(record.row) as PersonRow)
  }

  teamName(id: string): string {
    const record = this.store.get<{ row: string }>('SELECT row FROM teams WHERE id = ?', id)
    return record === undefined ? '' : (JSON.parse(record.row) as TeamRow).name
  }

  customerName(conversationId: string): string {
    const conversation = this.conversation(conversationId)
    const customer = conversation && this.customer(conversation.customerId)
    return customer?.name ?? customer?.externalId ?? ''
  }

  /** The newest message's `seq`, or null where there is none. */
  newestSeq(conversationId: string): number | null {
    return (
      this.store.get<{ seq: number | null }>(
        'SELECT MAX(seq) AS seq FROM messages WHERE conversation_id = ?',
        conversationId,
      )?.seq ?? null
    )
  }

  /** What the customer said last, if it was words. */
  newestWords(conversationId: string): string | null {
    return (
      this.store.get<{ text: string | null }>(
        `SELECT text FROM messages WHERE conversation_id = ? AND direction = 'inbound'
         ORDER BY sent_at DESC, seq DESC LIMIT 1`,
        conversationId,
      )?.text ?? null
    )
  }

  /** Decided here, before the feed says so. Whatever is newer than what was decided about still counts. */
  decideOffer(id: string, outcome: Exclude<OfferRow['outcome'], 'open'>): Applied {
    const applied = nothingApplied()
    const changed = this.store.write(() =>
      this.store.run(
        `UPDATE offers SET outcome = ? WHERE id = ? AND outcome = 'open'`,
        outcome,
        id,
      ),
    )
    if (changed > 0) Object.assign(applied, { offers: true, offersOver: [id] })
    return applied
  }

  /** Brings the shown columns in line with the intents that wait. Inside a transaction of the caller's. */
  refreshEffective(conversationId: string): void {
    const row = this.conversation(conversationId)
    if (row !== null) this.#writeConversation(row, this.#generationOf(conversationId))
  }

  #apply(item: FeedItem, applied: Applied): void {
    switch (item.op) {
      case 'put':
        this.#put(item, applied, { force: false, generation: this.generation })
        return
      case 'remove':
        if (item.kind === 'conversation') {
          this.#removeConversation(item.id)
          applied.conversationIds.add(item.id)
        } else {
          this.store.run('DELETE FROM canned_responses WHERE id = ?', item.id)
          applied.cannedResponses = true
        }
        return
      case 'acknowledge':
        this.#acknowledge(item.intentId, applied)
        return
      case 'access':
        this.#changeAccess({ role: item.role, teamIds: item.teamIds }, applied)
    }
  }

  #put(item: PutItem, applied: Applied, how: { force: boolean; generation: number }): void {
    switch (item.kind) {
      case 'conversation':
        return this.#putConversation(item.row, applied, how)
      case 'message':
        return this.#putMessage(item.row, applied, how.force)
      case 'event':
        return this.#putEvent(item.row, applied)
      case 'customer':
        return this.#putCustomer(item.row, applied, how.force)
      case 'person':
        if (this.#putSimple('people', item.row, how.force)) applied.directory = true
        return
      case 'team':
        if (this.#putSimple('teams', item.row, how.force)) applied.directory = true
        return
      case 'canned_response':
        if (this.#putSimple('canned_responses', item.row, how.force)) applied.cannedResponses = true
        return
      case 'offer':
        return this.#putOffer(item.row, applied, how)
      case 'alert':
        if (this.alerts.put(item.row, how)) applied.alerts = true
        return
      case 'alert_preferences':
        if (this.alerts.putPreferences(item.row, how.force)) applied.alerts = true
    }
  }

  #putConversation(
    row: ConversationRow,
    applied: Applied,
    { force, generation }: { force: boolean; generation: number },
  ): void {
    const known = this.store.get<{ version: number; assigned_to: string | null }>(
      'SELECT version, assigned_to FROM conversations WHERE id = ?',
      row.id,
    )
    if (!force && known !== undefined && known.version >= row.version) return
    applied.conversationIds.add(row.id)
    const belonging = { teamId: row.teamId, assignedTo: row.assignedTo }
    if (!may(this.actor, 'conversation.see', belonging)) {
      this.#removeConversation(row.id)
      return
    }
    // By the shown owner: what I claimed myself is mine already and no news.
    if (
      row.assignedTo === this.myId &&
      row.status === 'assigned' &&
      known?.assigned_to !== this.myId
    ) {
      applied.assigned.push(row.id)
    }
    this.#writeConversation(row, generation)
  }

  #writeConversation(row: ConversationRow, generation: number): void {
    const effective = effectiveConversation(row, this.#intentsOn(row.id), this.myId)
    const { dueAt, warnsAt, promiseDueAt, promiseWarnsAt, escalatesAt } = instantsOf(effective)
    this.store.run(
      `INSERT INTO conversations (id, version, row, effective, customer_id, status, team_id, assigned_to,
         priority_rank, due_at, warns_at, promise_due_at, promise_warns_at, escalates_at, queued_at,
         waiting_since, last_message_at, closed_at, generation)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET version = excluded.version, row = excluded.row,
         effective = excluded.effective, customer_id = excluded.customer_id, status = excluded.status,
         team_id = excluded.team_id, assigned_to = excluded.assigned_to,
         priority_rank = excluded.priority_rank, due_at = excluded.due_at, warns_at = excluded.warns_at,
         promise_due_at = excluded.promise_due_at, promise_warns_at = excluded.promise_warns_at,
         escalates_at = excluded.escalates_at, queued_at = excluded.queued_at,
         waiting_since = excluded.waiting_since, last_message_at = excluded.last_message_at,
         closed_at = excluded.closed_at, generation = excluded.generation`,
      row.id,
      row.version,
      JSON.stringify(row),
      JSON.stringify(effective),
      row.customerId,
      effective.status,
      effective.teamId,
      effective.assignedTo,
      PRIORITIES.length - PRIORITIES.indexOf(effective.priority),
      dueAt,
      warnsAt,
      promiseDueAt,
      promiseWarnsAt,
      escalatesAt,
      effective.queuedAt ?? '9',
      effective.waitingSince ?? effective.queuedAt ?? '9',
      effective.lastMessageAt,
      effective.closedAt,
      generation,
    )
  }

  #putMessage(row: MessageRow, applied: Applied, force: boolean): void {
    const known = this.store.get<{ version: number }>(
      'SELECT version FROM messages WHERE id = ?',
      row.id,
    )
    if (!force && known !== undefined && known.version >= row.version) return
    const conversation = this.conversation(row.conversationId)
    // Without its conversation it is a leftover of something this person does not see.
    if (conversation === null) return
    this.store.run(
      `INSERT INTO messages (id, conversation_id, version, seq, sent_at, direction, text, row)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET version = excluded.version, seq = excluded.seq,
         sent_at = excluded.sent_at, text = excluded.text, row = excluded.row`,
      row.id,
      row.conversationId,
      row.version,
      row.seq,
      row.sentAt,
      row.direction,
      row.text,
      JSON.stringify(row),
    )
    applied.conversationIds.add(row.conversationId)
    if (row.direction === 'outbound') this.#acknowledge(row.id, applied)
    const isNews =
      known === undefined && row.direction === 'inbound' && !QUIET_TYPES.has(row.contentType)
    if (isNews && conversation.assignedTo === this.myId && conversation.status !== 'closed') {
      applied.written.push(row.conversationId)
    }
  }

  #putEvent(row: EventRow, applied: Applied): void {
    if (this.conversation(row.conversationId) === null) return
    const added = this.store.run(
      'INSERT INTO events (id, conversation_id, created_at, seq, row) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
      row.id,
      row.conversationId,
      row.createdAt,
      row.seq,
      JSON.stringify(row),
    )
    if (added > 0) applied.conversationIds.add(row.conversationId)
  }

  #putCustomer(row: CustomerRow, applied: Applied, force: boolean): void {
    const search = searchable(
      [row.name ?? '', ...row.identities.map(({ externalId }) => externalId)].join(' '),
    )
    const changed = this.store.run(
      `INSERT INTO customers (id, version, search, row) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET version = excluded.version, search = excluded.search, row = excluded.row
       WHERE excluded.version > customers.version OR ?`,
      row.id,
      row.version,
      search,
      JSON.stringify(row),
      force ? 1 : 0,
    )
    if (changed === 0) return
    const conversations = this.store.all<{ id: string }>(
      'SELECT id FROM conversations WHERE customer_id = ?',
      row.id,
    )
    for (const { id } of conversations) applied.conversationIds.add(id)
  }

  #putOffer(
    row: OfferRow,
    applied: Applied,
    { force, generation }: { force: boolean; generation: number },
  ): void {
    if (row.userId !== this.myId) return
    const known = this.store.get<{ version: number }>(
      'SELECT version FROM offers WHERE id = ?',
      row.id,
    )
    if (!force && known !== undefined && known.version >= row.version) return
    this.store.run(
      `INSERT INTO offers (id, version, conversation_id, outcome, expires_at, row, generation)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET version = excluded.version, outcome = excluded.outcome,
         expires_at = excluded.expires_at, row = excluded.row, generation = excluded.generation`,
      row.id,
      row.version,
      row.conversationId,
      row.outcome,
      row.expiresAt,
      JSON.stringify(row),
      generation,
    )
    this.store.run(
      'DELETE FROM offers WHERE expires_at < ?',
      new Date(Date.parse(row.offeredAt) - OFFERS_KEPT_MS).toISOString(),
    )
    applied.offers = true
    if (row.outcome !== 'open') applied.offersOver.push(row.id)
    else if (known === undefined) applied.offered.push(row)
  }

  #putSimple(
    table: 'people' | 'teams' | 'canned_responses',
    row: { id: string; version: number },
    force: boolean,
  ): boolean {
    const changed = this.store.run(
      `INSERT INTO ${table} (id, version, row) VALUES (?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET version = excluded.version, row = excluded.row
       WHERE excluded.version > ${table}.version OR ?`,
      row.id,
      row.version,
      JSON.stringify(row),
      force ? 1 : 0,
    )
    return changed > 0
  }

  /** Drafts and unsent intents stay: they are the person's own words. */
  #removeConversation(id: string): void {
    this.store.run('DELETE FROM messages WHERE conversation_id = ?', id)
    this.store.run('DELETE FROM events WHERE conversation_id = ?', id)
    this.store.run('DELETE FROM seen WHERE conversation_id = ?', id)
    const removed = this.store.get<{ customer_id: string }>(
      'DELETE FROM conversations WHERE id = ? RETURNING customer_id',
      id,
    )
    if (removed === undefined) return
    this.store.run(
      'DELETE FROM customers WHERE id = ? AND NOT EXISTS (SELECT 1 FROM conversations WHERE customer_id = customers.id)',
      removed.customer_id,
    )
  }

  #acknowledge(intentId: string, applied: Applied): void {
    const done = this.store.get<{ conversation_id: string }>(
      'DELETE FROM outbox WHERE intent_id = ? RETURNING conversation_id',
      intentId,
    )
    if (done === undefined) return
    applied.outbox = true
    applied.conversationIds.add(done.conversation_id)
    this.refreshEffective(done.conversation_id)
  }

  #changeAccess(access: Omit<Actor, 'userId'>, applied: Applied): void {
    const before = this.actor
    this.setAccess(access)
    const now = this.actor
    const isSame =
      before.role === now.role &&
      [...before.teamIds].toSorted().join() === [...now.teamIds].toSorted().join()
    if (isSame) return
    applied.directory = true
    applied.gainedAccess =
      now.teamIds.some((id) => !before.teamIds.includes(id)) || before.role !== now.role
    const all = this.store.all<{ id: string; row: string }>('SELECT id, row FROM conversations')
    for (const { id, row } of all) {
      const { teamId, assignedTo } = JSON.parse(row) as ConversationRow
      if (may(now, 'conversation.see', { teamId, assignedTo })) continue
      this.#removeConversation(id)
      applied.conversationIds.add(id)
    }
  }

  #intentsOn(conversationId: string): OutboxRecord[] {
    return readOutbox(this.store, conversationId)
  }

  #generationOf(conversationId: string): number {
    return (
      this.store.get<{ generation: number }>(
        'SELECT generation FROM conversations WHERE id = ?',
        conversationId,
      )?.generation ?? this.generation
    )
  }
}

/** Lower case and without accents, so that «Héctor» is found as "hector". */
export function searchable(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}
