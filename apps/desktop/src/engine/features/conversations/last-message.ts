import {
  LAST_MESSAGE_CHARACTERS,
  isNewerMessage,
  type ConversationRow,
  type LastMessage,
} from '@parley/contracts'

import { type Cache } from '../../store/cache.ts'

/** A message of a conversation that is only listed: its row says of it what lists show. */
export function takeLastMessage(
  { store }: Cache,
  conversationId: string,
  message: LastMessage & { discardedAt: string | null },
): void {
  if (message.discardedAt !== null) return
  const row = store.row<ConversationRow>(
    'SELECT row FROM conversation_rows WHERE id = ?',
    conversationId,
  )
  if (row === null || !isNewerMessage(message, row.lastMessage)) return
  store.run(
    'UPDATE conversation_rows SET row = ? WHERE id = ?',
    JSON.stringify({ ...row, lastMessage: toLastMessage(message) }),
    conversationId,
  )
}

export function toLastMessage(message: LastMessage): LastMessage {
  const { id, version, seq, direction, senderType, senderId, contentType, text, status } = message
  return {
    id,
    version,
    seq,
    direction,
    senderType,
    senderId,
    contentType,
    text: text === null ? null : [...text].slice(0, LAST_MESSAGE_CHARACTERS).join(''),
    status,
  }
}
