import {
  CONVERSATION_SCRIPTS,
  fillIn,
  NUDGES,
  type ConversationScript,
} from './conversation-scripts.ts'
import { inventParticulars } from './conversation-scripts.ts'
import { type Random } from './random.ts'

export interface SuggestedAnswer {
  text: string
  /** The customer said thanks: after this the conversation can be closed. */
  closes: boolean
}

const FALLBACK: Record<ConversationScript['language'], readonly string[]> = {
  es: [
    'Gracias por escribirnos. Ya lo estoy revisando y en un momento te digo.',
    'Te leo. Déjame verlo con el área y te confirmo por aquí.',
  ],
  en: ['Thanks for writing. I am looking into it and will be right back.'],
}

interface Known {
  pattern: RegExp
  answer: string
  closes: boolean
}

const KNOWN: readonly Known[] = CONVERSATION_SCRIPTS.flatMap((script) => [
  ...script.turns.flatMap(({ customer, agent }) =>
    customer.flatMap((line) => {
      const text = line.kind === 'text' ? line.text : line.kind === 'image' ? line.caption : null
      return text === null ? [] : [{ pattern: patternOf(text), answer: agent, closes: false }]
    }),
  ),
  { pattern: patternOf(script.thanks), answer: script.farewell, closes: true },
])

/**
 * What an agent of the demo answers to a customer's newest words. Folios and orders that the customer
 * named are kept; others are invented.
 */
export function suggestAnswer(customerText: string | null, random: Random): SuggestedAnswer {
  const text = (customerText ?? '').trim()
  const known = KNOWN.find(({ pattern }) => pattern.test(text))
  if (known === undefined) return { text: random.pick(FALLBACK[languageOf(text)]), closes: false }
  const named = known.pattern.exec(text)?.groups ?? {}
  const particulars = { ...inventParticulars(random), ...definedOnly(named) }
  return { text: fillIn(known.answer, particulars), closes: known.closes }
}

function patternOf(text: string): RegExp {
  const escaped = text.replace(/[.*+?^$()|[\]\\]/g, '\\$&')
  // A name can only be captured once; the second time the same text stands there.
  const seen = new Set<string>()
  const source = escaped.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (seen.has(name)) return `\\k<${name}>`
    seen.add(name)
    return `(?<${name}>[\\w,.-]+?)`
  })
  return new RegExp(`^${source}$`, 'u')
}

function languageOf(text: string): ConversationScript['language'] {
  return NUDGES.en.includes(text) || /\b(the|please|my|you|is)\b/i.test(text) ? 'en' : 'es'
}

function definedOnly(groups: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(groups).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
