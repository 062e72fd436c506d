import { type ConversationRow, type ConversationView } from '@parley/contracts'
import { customerWindowEndsAt, showIdentity, shownName } from '@parley/domain'

import { type Outbox } from '../../outbox/outbox.ts'
import { type Cache } from '../../store/cache.ts'
import { customerOf } from '../customers/index.ts'
import { readInboxRow } from '../inbox/index.ts'
import { orderedClocks } from '../sla/index.ts'
import { abilitiesOf } from './abilities.ts'
import { shownConversation } from './kept-conversations.ts'

export function readConversation(
  cache: Cache,
  outbox: Outbox,
  conversationId: string,
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
      others: otherConversations(cache, conversation),
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
): ConversationView['customer']['others'] {
  const others = cache.store.all<{ id: string }>(
    `SELECT id FROM conversations WHERE customer_id = ? AND id <> ?
     ORDER BY last_message_at DESC LIMIT 20`,
    conversation.customerId,
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
