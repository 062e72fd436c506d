import { id } from '@parley/contracts'

export const LINK_SCHEME = 'parley'

/**
 * The conversation that a link of ours names, `parley://conversation/<id>`. Links come from anywhere: whatever
 * is not exactly that is null.
 */
export function conversationOfLink(link: string): string | null {
  const named = /^parley:\/\/conversation\/([0-9a-f-]{36})\/?$/i.exec(link)?.[1]
  const parsed = id.safeParse(named)
  return parsed.success ? parsed.data : null
}

/** The first such link among a start's arguments, where Windows and Linux put it. */
export function conversationOfArguments(argv: readonly string[]): string | null {
  for (const argument of argv) {
    const conversationId = conversationOfLink(argument)
    if (conversationId !== null) return conversationId
  }
  return null
}
