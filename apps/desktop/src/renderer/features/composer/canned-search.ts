import type { CannedResponseView } from '@parley/contracts'

import { foldText } from '../../ui/fold-text.ts'

/** The `/word` that is being typed: at the beginning or after a space, up to the caret. */
export interface Slash {
  from: number
  to: number
  word: string
}

/**
 * What looks like a saved answer's name and is none: where the whole begins with it, or it is being typed. Nobody means
 * to send that.
 */
export function unresolvedSlash(text: string, typed: Slash | null): string | null {
  if (typed !== null && typed.word !== '') return `/${typed.word}`
  return /^\s*(\/[^\s/]+)(?:\s|$)/u.exec(text)?.[1] ?? null
}

export function slashAt(text: string, caret: number): Slash | null {
  const match = /(?:^|\s)\/([^\s/]*)$/u.exec(text.slice(0, caret))
  if (!match) return null
  const word = match[1] ?? ''
  return { from: caret - word.length - 1, to: caret, word }
}

/** Shortcuts that begin with the word first, then those that have it anywhere, then titles and contents. */
export function findCanned(
  responses: readonly CannedResponseView[],
  word: string,
): CannedResponseView[] {
  const wanted = foldText(word)
  const ranked = responses
    .map((response) => ({ response, rank: rankOf(response, wanted) }))
    .filter(({ rank }) => rank < NO_MATCH)
  return ranked
    .toSorted((a, b) => a.rank - b.rank || a.response.shortcut.localeCompare(b.response.shortcut))
    .map(({ response }) => response)
}

const NO_MATCH = 4
function rankOf({ shortcut, title, content }: CannedResponseView, wanted: string): number {
  const name = foldText(shortcut.replace(/^\//, ''))
  if (name.startsWith(wanted)) return 0
  if (name.includes(wanted)) return 1
  if (foldText(title).includes(wanted)) return 2
  return foldText(content).includes(wanted) ? 3 : NO_MATCH
}

/** Fills in what is known of the customer; other places stay as they are, for the person to fill. */
export function fillCanned(content: string, customerName: string | null): string {
  const first = customerName?.split(/\s+/)[0]
  if (!first || !/^\p{L}/u.test(first)) return content
  return content.replaceAll(/\{\{?\s*(?:customer_name|nombre|name|customer\.name)\s*\}?\}/gi, first)
}
