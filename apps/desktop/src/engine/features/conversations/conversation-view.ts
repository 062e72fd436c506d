import { type ConversationRow, type ConversationView } from '@parley/contracts'
import { customerWindowEndsAt, reachOf, showIdentity, shownName } from '@parley/domain'

import { Beside } from '../../beside.ts'
import { type EngineCore } from '../../feature.ts'
import { type Outbox } from '../../outbox/outbox.ts'
import { type Cache } from '../../store/cache.ts'
import { customerOf } from '../customers/index.ts'
import { readInboxRow } from '../inbox/index.ts'
import { orderedClocks } from '../sla/index.ts'
import { abilitiesOf } from './abilities.ts'
import { shownConversation } from './kept-conversations.ts'

/** How much of what a customer wrote before is said by the server stays so: what comes since the feed brings. */
const FRESH_MS = 10 * 60_000

/**
 * A conversation as it is shown. What its customer wrote before is of any age and mostly not here, so that the server is
 * asked for it beside the cache.
 */
export function conversationViews(
  engine: EngineCore,
): (asked: { conversationId: string }) => ConversationView | null {
  const there = new Beside(engine, {
    request: (trpc, asked: { customerId: string; besides: string }) =>
      trpc.lists.ofCustomer.query(asked),
    itemsOf: ({ items }) => items,
    keep: ({ ids }) => ids,
  })
  return ({ conversationId }) => {
    const { cache, outbox } = engine
    const here = readConversation(cache, outbox, conversationId)
    if (here === null) return null
    const { answer } = there.ask(
      { customerId: here.customer.id, besides: conversationId },
      FRESH_MS,
    )
    if (answer === null) return here
    // What it brought is not taken from under its reader's eyes, as with lists.
    cache.lookedBeyondAtMs = performance.now()
    return readConversation(cache, outbox, conversationId, answer)
  }
}

/** @param there their other conversations by the server's word; null: it has not said */
export function readConversation(
  cache: Cache,
  outbox: Outbox,
  conversationId: string,
  there: readonly string[] | null = null,
): ConversationView | null {
  const conversation = shownConversation(cache, conversationId)
  const row = readInboxRow(cache, conversationId)
  if (conversation === null || row === null) return null
  const customer = customerOf(cache, conversation.customerId)
  const lastInboundAtMs = conversation.lastInboundAt ? Date.parse(conversation.lastInboundAt) : null
  const windowEndsAtMs = customerWindowEndsAt(conversation.channel, lastInboundAtMs)
  return {
    row,
    customer: {
      id: conversation.customerId,
      // Alone, as it goes into a reply; whoever shows it takes the row's title.
      name: shownName(customer?.name ?? '') || null,
      identities: (customer?.identities ?? []).map((identity) => ({
        ...identity,
        externalId: showIdentity(identity.externalId),
      })),
      metadata: customer?.metadata ?? {},
      createdAt: customer?.createdAt ?? conversation.createdAt,
      others: otherConversations(cache, conversation, there ?? []),
      // However far back this cache reaches, it does not reach back to their first one.
      isPartial: there === null,
      isOfTeams: reachOf(cache.actor.role, 'conversation.see') !== 'all',
    },
    windowEndsAt: windowEndsAtMs === null ? null : new Date(windowEndsAtMs).toISOString(),
    clocks: orderedClocks(conversation),
    firstMessageAt: conversation.firstMessageAt,
    firstResponseAt: conversation.firstResponseAt,
    closedBy: conversation.closedBy,
    closeReason: conversation.closeReason,
    abilities: abilitiesOf(cache.actor, conversation),
    draft: readDraft(cache, conversationId),
    refused: outbox.refusedOn(conversationId),
  }
}

function readDraft(cache: Cache, conversationId: string): string {
  return (
    cache.store.value('SELECT text FROM drafts WHERE conversation_id = ?', conversationId) ?? ''
  )
}

function otherConversations(
  cache: Cache,
  conversation: ConversationRow,
  there: readonly string[],
): ConversationView['customer']['others'] {
  const others = cache.store.all<{ id: string }>(
    `SELECT id FROM (
       SELECT id, last_message_at FROM conversations WHERE customer_id = ?
       UNION SELECT id, last_message_at FROM conversations WHERE id IN (SELECT value FROM json_each(?)))
     WHERE id <> ? ORDER BY last_message_at DESC, id LIMIT 20`,
    conversation.customerId,
    JSON.stringify(there),
    conversation.id,
  )
  return others.flatMap(({ id }) => {
    const row = readInboxRow(cache, id)
    return row === null
      ? []
      : [
          {
            id,
            channel: row.channel,
            status: row.status,
            preview: row.preview.text,
            lastMessageAt: row.lastMessageAt,
          },
        ]
  })
}
