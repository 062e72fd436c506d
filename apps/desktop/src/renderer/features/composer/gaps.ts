import type { CannedResponseView } from '@parley/contracts'

import { foldText } from '../../ui/fold-text.ts'

/** A place of a saved answer that somebody has to fill in. */
export interface Gap {
  from: number
  to: number
  /** As it stands in the text: `{folio}`. */
  words: string
}

const TOKEN = /\{\{?\s*([\p{L}\p{N}_][\p{L}\p{N}_. -]{0,39}?)\s*\}?\}/gu
/** What a saved answer calls the customer. */
const CUSTOMER_NAMES = ['nombre', 'name', 'customer_name', 'customer.name']

/**
 * The names that saved answers give to what is to be filled in. Only these are gaps: who explains a program to its
 * customer writes braces, too, and means them.
 */
export function gapNames(responses: readonly CannedResponseView[]): ReadonlySet<string> {
  const named = responses.flatMap(({ content }) => tokens(content).map(({ name }) => name))
  return new Set([...CUSTOMER_NAMES, ...named])
}

export function findGaps(text: string, names: ReadonlySet<string>): Gap[] {
  return tokens(text).filter(({ name }) => names.has(name))
}

/** The next one from here, around the end. */
export function gapFrom(gaps: readonly Gap[], caret: number, step: 1 | -1): Gap | undefined {
  return step === 1
    ? (gaps.find(({ from }) => from >= caret) ?? gaps[0])
    : (gaps.findLast(({ to }) => to <= caret) ?? gaps.at(-1))
}

function tokens(text: string): (Gap & { name: string })[] {
  return [...text.matchAll(TOKEN)].map(({ 0: words, 1: name = '', index }) => ({
    from: index,
    to: index + words.length,
    words,
    name: foldText(name),
  }))
}
