import { type FeedItem, type PutItem } from '@parley/contracts'
import { may, type Actor, type Belonging } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { type Change, intentOwners } from './feed.queries.ts'
import {
  alertPreferences,
  alerts,
  cannedResponses,
  conversationsById,
  customersById,
  eventsById,
  messagesById,
  offers,
  people,
  recentParts,
  teams,
} from './rows.queries.ts'

/** How much of a conversation comes along when somebody begins to see it. */
const PARTS_ON_ARRIVAL = 200

/** Changes with the content they name, read once for all who follow. */
export interface LoadedBatch {
  changes: Change[]
  conversations: Awaited<ReturnType<typeof conversationsById>>
  messages: Awaited<ReturnType<typeof messagesById>>
  events: Awaited<ReturnType<typeof eventsById>>
  customers: Awaited<ReturnType<typeof customersById>>
  people: Awaited<ReturnType<typeof people>>
  teams: Awaited<ReturnType<typeof teams>>
  cannedResponses: Awaited<ReturnType<typeof cannedResponses>>
  offers: Awaited<ReturnType<typeof offers>>
  alerts: Awaited<ReturnType<typeof alerts>>
  alertPreferences: Awaited<ReturnType<typeof alertPreferences>>
  intents: { id: string; user_id: string }[]
  /** What comes along with a conversation that somebody did not see before; read when first needed. */
  arrival(conversationId: string, customerId: string): Promise<PutItem[]>
}

export async function loadBatch(db: Queryable, changes: Change[]): Promise<LoadedBatch> {
  const idsOf = (entity: Change['entity']): string[] => [
    ...new Set(
      changes.filter((change) => change.entity === entity).map(({ entityId }) => entityId),
    ),
  ]
  const load = async <Row>(
    entity: Change['entity'],
    read: (db: Queryable, ids: string[]) => Promise<Row[]>,
  ): Promise<Row[]> => {
    const ids = idsOf(entity)
    return ids.length === 0 ? [] : read(db, ids)
  }
  const intentIds = [...new Set(changes.flatMap(({ intentId }) => intentId ?? []))]
  const [
    conversations,
    messages,
    events,
    customers,
    persons,
    teamRows,
    canned,
    offered,
    raised,
    preferences,
    intents,
  ] = await Promise.all([
    load('conversation', conversationsById),
    load('message', messagesById),
    load('event', eventsById),
    load('customer', customersById),
    load('person', people),
    load('team', teams),
    load('canned_response', cannedResponses),
    load('offer', (queryable, ids) => offers(queryable, { ids })),
    load('alert', (queryable, ids) => alerts(queryable, { ids })),
    load('alert_preferences', alertPreferences),
    intentIds.length === 0 ? [] : intentOwners(db, intentIds),
  ])
  const arrivals = new Map<string, Promise<PutItem[]>>()
  return {
    changes,
    conversations,
    messages,
    events,
    customers,
    people: persons,
    teams: teamRows,
    cannedResponses: canned,
    offers: offered,
    alerts: raised,
    alertPreferences: preferences,
    intents,
    arrival(conversationId, customerId) {
      let items = arrivals.get(conversationId)
      if (items === undefined) {
        arrivals.set(conversationId, (items = loadArrival(db, conversationId, customerId)))
      }
      return items
    },
  }
}

async function loadArrival(
  db: Queryable,
  conversationId: string,
  customerId: string,
): Promise<PutItem[]> {
  const customers = await customersById(db, [customerId])
  const { messages, events } = await recentParts(db, [conversationId], PARTS_ON_ARRIVAL)
  return [
    ...customers.map(({ row }): PutItem => ({ op: 'put', kind: 'customer', row })),
    ...messages.map((row): PutItem => ({ op: 'put', kind: 'message', row })),
    ...events.map((row): PutItem => ({ op: 'put', kind: 'event', row })),
  ]
}

/** What this person gets of a batch, by their permissions as they are now. */
export async function itemsFor(batch: LoadedBatch, actor: Actor): Promise<FeedItem[]> {
  const sees = (thing: Belonging): boolean => may(actor, 'conversation.see', thing)
  const items: FeedItem[] = []

  for (const row of batch.people) items.push({ op: 'put', kind: 'person', row })
  for (const row of batch.teams) items.push({ op: 'put', kind: 'team', row })
  items.push(...cannedResponseItems(batch, actor))
  for (const { row, belongings } of batch.customers) {
    if (belongings.some(sees)) items.push({ op: 'put', kind: 'customer', row })
  }
  items.push(...(await conversationItems(batch, sees)))
  for (const { row, belonging } of batch.messages) {
    if (sees(belonging)) items.push({ op: 'put', kind: 'message', row })
  }
  for (const { row, belonging } of batch.events) {
    if (sees(belonging)) items.push({ op: 'put', kind: 'event', row })
  }
  for (const row of batch.offers) {
    if (row.userId === actor.userId) items.push({ op: 'put', kind: 'offer', row })
  }
  for (const row of batch.alerts) {
    if (row.userId === actor.userId) items.push({ op: 'put', kind: 'alert', row })
  }
  for (const row of batch.alertPreferences) {
    if (row.id === actor.userId) items.push({ op: 'put', kind: 'alert_preferences', row })
  }
  for (const intent of batch.intents) {
    if (intent.user_id === actor.userId) items.push({ op: 'acknowledge', intentId: intent.id })
  }
  return items
}

async function conversationItems(
  batch: LoadedBatch,
  sees: (thing: Belonging) => boolean,
): Promise<FeedItem[]> {
  const items: FeedItem[] = []
  const present = new Map(batch.conversations.map((owned) => [owned.row.id, owned]))
  const changesOf = new Map<string, Change[]>()
  for (const change of batch.changes) {
    if (change.entity !== 'conversation') continue
    changesOf.set(change.entityId, [...(changesOf.get(change.entityId) ?? []), change])
  }
  for (const [id, changes] of changesOf) {
    const current = present.get(id)
    const first = changes[0] as Change
    const sawBefore = first.version > 1 && sees(first.before)
    if (current !== undefined && sees(current.belonging)) {
      items.push({ op: 'put', kind: 'conversation', row: current.row })
      if (!sawBefore) items.push(...(await batch.arrival(id, current.row.customerId)))
    } else if (changes.some((change) => sees(change.before) || sees(change.after))) {
      items.push({ op: 'remove', kind: 'conversation', id })
    }
  }
  return items
}

function cannedResponseItems(batch: LoadedBatch, actor: Actor): FeedItem[] {
  const items: FeedItem[] = []
  const present = new Map(batch.cannedResponses.map((row) => [row.id, row]))
  const changed = new Set(
    batch.changes.flatMap(({ entity, entityId }) => (entity === 'canned_response' ? entityId : [])),
  )
  for (const id of changed) {
    const row = present.get(id)
    if (row !== undefined && seesCannedResponse(actor, row)) {
      items.push({ op: 'put', kind: 'canned_response', row })
    } else {
      items.push({ op: 'remove', kind: 'canned_response', id })
    }
  }
  return items
}

/** Global ones are everybody's, a team's its members', a personal one its owner's. */
export function seesCannedResponse(
  actor: Actor,
  { teamId, ownerId }: { teamId: string | null; ownerId: string | null },
): boolean {
  if (ownerId !== null) return ownerId === actor.userId
  if (teamId === null) return true
  return may(actor, 'canned_response.use', { teamId, assignedTo: null })
}
