/** WhatsApp lets a business write freely for this long after the customer's last message. */
export const CUSTOMER_WINDOW_MS = 24 * 60 * 60 * 1000

/**
 * When free writing ends, in epoch milliseconds; null where the channel has no such limit or the
 * customer has not written. Counted from the customer's own clock, never from when we received it.
 */
export function customerWindowEndsAt(
  channel: 'whatsapp' | 'chat_app',
  lastInboundAtMs: number | null,
): number | null {
  if (channel !== 'whatsapp' || lastInboundAtMs === null) return null
  return lastInboundAtMs + CUSTOMER_WINDOW_MS
}
