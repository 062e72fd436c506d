import { type Channel, type Priority } from '../conversation/priority.ts'
import { guessLanguage, type Language } from './language.ts'
import { containsPhrase, fold, toWords } from './words.ts'

/**
 * Triage by rules that supervisors write: an ordered list of conditions and what follows from them, as
 * data. The order is their weight: what an earlier rule has set, a later one leaves alone.
 */

export type FieldTest = { is: 'equals' | 'contains'; value: string } | { is: 'exists' }

export type TriageCondition =
  /** Any of these words or phrases, as whole words, whatever their accents and capitals. */
  | { kind: 'text_contains'; words: string[] }
  | { kind: 'language_is'; language: Language }
  | { kind: 'channel_is'; channel: Channel }
  | { kind: 'customer_name'; test: FieldTest }
  /** A field of the customer's own `metadata`. */
  | { kind: 'customer_metadata'; key: string; test: FieldTest }
  | { kind: 'business_hours'; teamId: string; state: 'open' | 'closed' }
  | { kind: 'customer_is'; customer: 'first_time' | 'returning' }

export interface TriageRule {
  name: string
  enabled: boolean
  /** Holds where all of `all` hold and, if there are any in `any`, one of those. */
  conditions: { all: TriageCondition[]; any: TriageCondition[] }
  result: {
    teamId: string | null
    priority: Priority | null
    /** Skill names with the level needed, 1 to 5. */
    skills: Record<string, number>
  }
  /** `stop`: no later rule is asked. `continue`: later rules may add what this one left open. */
  afterwards: 'stop' | 'continue'
}

/** What triage knows of a conversation. */
export interface TriageInput {
  /** The customer's words so far; empty for pictures and the like. */
  text: string
  channel: Channel
  customer: { name: string | null; metadata: Record<string, unknown>; isReturning: boolean }
  /** By team id. A team that is absent has no business hours: it is open always. */
  teamsOpen: Readonly<Record<string, boolean>>
}

/** A rule that held, with what made it hold. Fields of the customer are named, their values are not. */
export interface MatchedRule {
  name: string
  words: string[]
  customerFields: string[]
  stopped: boolean
}

export interface RulesOutcome {
  teamId: string | null
  priority: Priority | null
  skills: Record<string, number>
  matched: MatchedRule[]
}

/**
 * Asks the rules in order. The first that sets a team, and the first that sets a priority, has its way;
 * skills add up, at the highest level asked for. The same input and rules give the same outcome.
 */
export function evaluateRules(rules: readonly TriageRule[], input: TriageInput): RulesOutcome {
  const words = toWords(input.text)
  const subject: Subject = { ...input, words, language: guessLanguage(words).value }
  const outcome: RulesOutcome = { teamId: null, priority: null, skills: {}, matched: [] }
  for (const rule of rules) {
    if (!rule.enabled) continue
    const evidence = matchRule(rule, subject)
    if (evidence === null) continue
    const stopped = rule.afterwards === 'stop'
    outcome.matched.push({ name: rule.name, ...evidence, stopped })
    outcome.teamId ??= rule.result.teamId
    outcome.priority ??= rule.result.priority
    outcome.skills = highestOf(outcome.skills, rule.result.skills)
    if (stopped) break
  }
  return outcome
}

type Subject = TriageInput & { words: string; language: Language }

interface Evidence {
  words: string[]
  customerFields: string[]
}

/** What made the rule hold; null where it does not. */
function matchRule({ conditions }: TriageRule, subject: Subject): Evidence | null {
  if (conditions.all.length === 0 && conditions.any.length === 0) return null
  const needed = conditions.all.map((condition) => testCondition(condition, subject))
  const chosen = conditions.any.map((condition) => testCondition(condition, subject))
  if (needed.includes(null)) return null
  if (chosen.length > 0 && chosen.every((evidence) => evidence === null)) return null
  const found = [...needed, ...chosen].filter((evidence) => evidence !== null)
  return {
    words: unique(found.flatMap(({ words }) => words)),
    customerFields: unique(found.flatMap(({ customerFields }) => customerFields)),
  }
}

function testCondition(condition: TriageCondition, subject: Subject): Evidence | null {
  switch (condition.kind) {
    case 'text_contains': {
      const words = writtenOf(condition.words, subject.words)
      return words.length > 0 ? { words, customerFields: [] } : null
    }
    case 'language_is':
      return holds(subject.language === condition.language)
    case 'channel_is':
      return holds(subject.channel === condition.channel)
    case 'customer_name':
      return holds(testField(subject.customer.name, condition.test), 'name')
    case 'customer_metadata':
      return holds(
        testField(ownField(subject.customer.metadata, condition.key), condition.test),
        condition.key,
      )
    case 'business_hours': {
      const isOpen = subject.teamsOpen[condition.teamId] ?? true
      return holds(isOpen === (condition.state === 'open'))
    }
    case 'customer_is':
      return holds(subject.customer.isReturning === (condition.customer === 'returning'))
  }
}

/** Rules are asked again and again, their phrases never change: each is folded once. */
const foldedPhrases = new WeakMap<readonly string[], readonly string[]>()

/** The phrases, as their author wrote them, that the text contains. */
function writtenOf(phrases: readonly string[], words: string): string[] {
  let folded = foldedPhrases.get(phrases)
  if (folded === undefined) {
    folded = phrases.map((phrase) => toWords(phrase).trim())
    foldedPhrases.set(phrases, folded)
  }
  const known = folded
  return phrases.filter((_, index) => {
    const phrase = known[index] ?? ''
    return phrase !== '' && containsPhrase(words, phrase)
  })
}

function holds(is: boolean, customerField?: string): Evidence | null {
  if (!is) return null
  return { words: [], customerFields: customerField === undefined ? [] : [customerField] }
}

function ownField(metadata: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(metadata, key) ? metadata[key] : undefined
}

/** Of a list, any entry will do. Anything else that is no text, number or truth value only exists. */
function testField(field: unknown, test: FieldTest): boolean {
  if (test.is === 'exists') return field !== undefined && field !== null && field !== ''
  const wanted = fold(test.value).trim()
  return (Array.isArray(field) ? field : [field])
    .filter((value) => ['string', 'number', 'boolean'].includes(typeof value))
    .map((value) => fold(String(value)).trim())
    .some((value) => (test.is === 'equals' ? value === wanted : value.includes(wanted)))
}

function highestOf(
  some: Record<string, number>,
  others: Record<string, number>,
): Record<string, number> {
  const highest = new Map(Object.entries(some))
  for (const [skill, level] of Object.entries(others)) {
    highest.set(skill, Math.max(level, highest.get(skill) ?? 0))
  }
  return Object.fromEntries(highest)
}

const unique = (texts: string[]): string[] => [...new Set(texts)]
