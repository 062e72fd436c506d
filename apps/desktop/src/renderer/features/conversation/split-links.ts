export interface TextPart {
  text: string
  /** Where it leads; null for plain words. */
  url: string | null
}

const ADDRESS = /https?:\/\/[^\s<>"']+/g
/** Punctuation at the end belongs to the sentence, not to the address. */
const TRAILING = /[.,;:!?)\]}»”]+$/

export function splitLinks(text: string): TextPart[] {
  const parts: TextPart[] = []
  let from = 0
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, '')
    if (!URL.canParse(address)) continue
    if (match.index > from) parts.push({ text: text.slice(from, match.index), url: null })
    parts.push({ text: address, url: address })
    from = match.index + address.length
  }
  if (from < text.length) parts.push({ text: text.slice(from), url: null })
  return parts
}
