import type { TriageCondition, TriageRule } from '@parley/domain'

/** A rule in the editor. Names change and may be double while somebody types, so each has a key of its own. */
export interface RuleEntry {
  key: string
  rule: TriageRule
}

/** The rules as they stand in the editor. */
export interface RulesDraft {
  entries: readonly RuleEntry[]
  note: string
  /** The last one taken out, until something else is done: it can come back. */
  removed: { entry: RuleEntry; index: number } | null
}

export const EMPTY_RULE: TriageRule = {
  name: '',
  enabled: true,
  conditions: { all: [], any: [] },
  result: { teamId: null, priority: null, skills: {} },
  afterwards: 'stop',
}

/** @param keys of the entries that became this version, so that what is selected stays so */
export function toDraft(
  version: number,
  rules: readonly TriageRule[],
  keys: readonly string[] = [],
): RulesDraft {
  return {
    // Else the same for the same version, which may be read again.
    entries: rules.map((rule, index) => ({ key: keys[index] ?? `${version}.${index}`, rule })),
    note: '',
    removed: null,
  }
}

export const rulesOf = ({ entries }: Pick<RulesDraft, 'entries'>): TriageRule[] =>
  entries.map(({ rule }) => rule)

/** Whether they decide the same. The note alone is nothing to save. */
export function isSameRules(a: RulesDraft, b: RulesDraft): boolean {
  return canonical(rulesOf(a)) === canonical(rulesOf(b))
}

export function addRule(draft: RulesDraft, key: string, rule = EMPTY_RULE): RulesDraft {
  return { ...draft, entries: [...draft.entries, { key, rule }], removed: null }
}

export function changeRule(
  draft: RulesDraft,
  key: string,
  change: Partial<TriageRule>,
): RulesDraft {
  const entries = draft.entries.map((entry) =>
    entry.key === key ? { key, rule: { ...entry.rule, ...change } } : entry,
  )
  return { ...draft, entries, removed: null }
}

/** The copy stands right after its original. */
export function duplicateRule(
  draft: RulesDraft,
  key: string,
  copy: { key: string; name: string },
): RulesDraft {
  const index = draft.entries.findIndex((entry) => entry.key === key)
  const original = draft.entries[index]
  if (original === undefined) return draft
  const rule = { ...original.rule, name: freeName(copy.name, rulesOf(draft)) }
  return {
    ...draft,
    entries: draft.entries.toSpliced(index + 1, 0, { key: copy.key, rule }),
    removed: null,
  }
}

/** A name that no rule has yet: "Ventas (copia)", "Ventas (copia) 2". */
function freeName(wanted: string, rules: readonly TriageRule[]): string {
  const taken = new Set(rules.map(({ name }) => name.trim().toLowerCase()))
  let name = wanted
  for (let n = 2; taken.has(name.toLowerCase()); n += 1) name = `${wanted} ${n}`
  return name
}

/** By so many places; at either end it stays. */
export function moveRule(draft: RulesDraft, key: string, by: -1 | 1): RulesDraft {
  const from = draft.entries.findIndex((entry) => entry.key === key)
  const entry = draft.entries[from]
  const to = from + by
  if (entry === undefined || to < 0 || to >= draft.entries.length) return draft
  return {
    ...draft,
    entries: draft.entries.toSpliced(from, 1).toSpliced(to, 0, entry),
    removed: null,
  }
}

export function removeRule(draft: RulesDraft, key: string): RulesDraft {
  const index = draft.entries.findIndex((entry) => entry.key === key)
  const entry = draft.entries[index]
  if (entry === undefined) return draft
  return { ...draft, entries: draft.entries.toSpliced(index, 1), removed: { entry, index } }
}

export function bringBack(draft: RulesDraft): RulesDraft {
  if (draft.removed === null) return draft
  const { entry, index } = draft.removed
  return { ...draft, entries: draft.entries.toSpliced(index, 0, entry), removed: null }
}

/** Which rule to show after this one is gone: the one that takes its place, else the last. */
export function neighbourOf(draft: RulesDraft, key: string): string | null {
  const index = draft.entries.findIndex((entry) => entry.key === key)
  return (draft.entries[index + 1] ?? draft.entries[index - 1])?.key ?? null
}

export const CONDITION_KINDS = [
  'text_contains',
  'language_is',
  'channel_is',
  'customer_is',
  'customer_name',
  'customer_metadata',
  'business_hours',
] as const satisfies readonly TriageCondition['kind'][]

/** A condition of this kind to begin with. */
export function newCondition(kind: TriageCondition['kind'], firstTeamId: string): TriageCondition {
  switch (kind) {
    case 'text_contains':
      return { kind, words: [] }
    case 'language_is':
      return { kind, language: 'es' }
    case 'channel_is':
      return { kind, channel: 'whatsapp' }
    case 'customer_is':
      return { kind, customer: 'first_time' }
    case 'customer_name':
      return { kind, test: { is: 'contains', value: '' } }
    case 'customer_metadata':
      return { kind, key: '', test: { is: 'equals', value: '' } }
    case 'business_hours':
      return { kind, teamId: firstTeamId, state: 'closed' }
  }
}

/** Words and phrases as they are typed or pasted: one a line, or with commas between. Each once. */
export function addPhrases(words: readonly string[], typed: string): string[] {
  const all = new Map(words.map((word) => [word.toLowerCase(), word]))
  for (const part of typed.split(/[,;\n]/)) {
    const phrase = part.trim().replaceAll(/\s+/g, ' ')
    if (phrase !== '' && !all.has(phrase.toLowerCase())) all.set(phrase.toLowerCase(), phrase)
  }
  return [...all.values()]
}

/** Equal for rules that mean the same: the order of their skills is none. */
export function canonical(rules: readonly TriageRule[]): string {
  return JSON.stringify(rules, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}
