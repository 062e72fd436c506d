import { id } from '@parley/contracts'

export const LINK_SCHEME = 'parley'

/** What a link of ours asks for. */
export type DeepLink =
  | { kind: 'conversation'; conversationId: string }
  /** The address of the page that an administrator handed over, with its token after the `#`. */
  | { kind: 'invitation'; address: string }

/** Longer than any of ours. Nothing else of it is looked at. */
const LONGEST = 2_000

/**
 * `parley://conversation/<id>` and `parley://join#<address>`, the address percent-encoded. Links come from anywhere:
 * whatever is not exactly that is null.
 */
export function readDeepLink(link: string): DeepLink | null {
  if (link.length > LONGEST) return null
  const named = /^parley:\/\/conversation\/([0-9a-f-]{36})\/?$/i.exec(link)?.[1]
  const parsed = id.safeParse(named)
  if (parsed.success) return { kind: 'conversation', conversationId: parsed.data }
  const encoded = /^parley:\/\/join\/?#([\w.~%:-]+)$/i.exec(link)?.[1]
  const address = encoded === undefined ? null : decoded(encoded)
  if (address === null || !isInvitation(address)) return null
  return { kind: 'invitation', address }
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

function isInvitation(address: string): boolean {
  if (!/^https?:\/\/[^\s\\@?#]+\/join#[\w-]{20,128}$/.test(address)) return false
  return URL.canParse(address)
}

/** The first such link among a start's arguments, where Windows and Linux put it. */
export function deepLinkAmong(argv: readonly string[]): DeepLink | null {
  for (const argument of argv) {
    const link = readDeepLink(argument)
    if (link !== null) return link
  }
  return null
}
