/** What an invitation link says: which server it is of, and what lets its person in. */
export interface Invitation {
  serverUrl: string
  token: string
}

/**
 * @param pasted a link, with whatever blanks and lines came along
 * @returns null for what is none
 */
export function invitationIn(pasted: string): Invitation | null {
  const text = pasted.replaceAll(/\s+/g, '')
  if (!URL.canParse(text)) return null
  const { protocol, origin, pathname, hash } = new URL(text)
  const isOurs = /^https?:$/.test(protocol) && pathname.endsWith('/join')
  const token = hash.slice(1)
  if (!isOurs || !/^[\w-]{20,128}$/.test(token)) return null
  return { serverUrl: `${origin}${pathname.slice(0, -'/join'.length)}`, token }
}
