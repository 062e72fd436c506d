/** Types of messages that are no words to answer: kept and shown, and news to nobody. See decision 6. */
export const QUIET_MESSAGE_TYPES = [
  'reaction',
  'system',
  'edit',
  'revoke',
  'request_welcome',
] as const

const quiet: ReadonlySet<string> = new Set(QUIET_MESSAGE_TYPES)

/** @param content as the channel sent it: since June 2026 Meta delivers edits as unsupported messages that say so */
export function isQuietMessage(type: string, content: Readonly<Record<string, unknown>>): boolean {
  if (quiet.has(type)) return true
  const inner = (content['unsupported'] as { type?: unknown } | null | undefined)?.type
  return typeof inner === 'string' && quiet.has(inner)
}
