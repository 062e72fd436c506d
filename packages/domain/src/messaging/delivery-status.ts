/**
 * A message's way to the customer's eyes. It only moves forward, whatever order receipts arrive in:
 * WhatsApp skips `delivered`, repeats receipts and lets them overtake the answer to the send itself.
 */

export const MESSAGE_STATUSES = ['pending', 'sent', 'delivered', 'read', 'failed'] as const
export type MessageStatus = (typeof MESSAGE_STATUSES)[number]

const RANK: Record<Exclude<MessageStatus, 'failed'>, number> = {
  pending: 0,
  sent: 1,
  delivered: 2,
  read: 3,
}

/** The status after a receipt: the later of the two, and `failed` only from `pending` or `sent`. */
export function advanceStatus(current: MessageStatus, receipt: MessageStatus): MessageStatus {
  if (current === 'failed') return 'failed'
  if (receipt === 'failed') return RANK[current] <= RANK.sent ? 'failed' : current
  return RANK[receipt] > RANK[current] ? receipt : current
}
