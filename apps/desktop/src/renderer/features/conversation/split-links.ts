import { type InspectedLink, inspectLink } from '@parley/domain'
import { LinkifyIt } from 'linkify-it'

export interface TextPart {
  text: string
  /** Where it leads; null for plain words. */
  link: InspectedLink | null
}

/** What no message is longer than, so that no address is cut in two. */
const LONGEST_TEXT = 65_536

const links = new LinkifyIt({
  fuzzyLink: true,
  fuzzyEmail: false,
  // Seen as a part of the address, so that it can be said to deceive.
  urlAuth: true,
  maxLength: LONGEST_TEXT,
})

/** Without a scheme only what begins so is an address: "hola.me" is a sentence without a space. */
const STANDS_ALONE = /^www\./i

export function splitLinks(text: string): TextPart[] {
  const parts: TextPart[] = []
  let from = 0
  for (const { schema, index, lastIndex, raw } of links.match(text) ?? []) {
    const link =
      schema !== ''
        ? inspectLink(raw)
        : STANDS_ALONE.test(raw)
          ? inspectLink(`https://${raw}`)
          : null
    if (link === null) continue
    if (index > from) parts.push({ text: text.slice(from, index), link: null })
    parts.push({ text: raw, link })
    from = lastIndex
  }
  if (from < text.length) parts.push({ text: text.slice(from), link: null })
  return parts
}
