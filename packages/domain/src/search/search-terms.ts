/**
 * What a person types to find conversations: words, and operators `name:value` that narrow. Quotes hold together what
 * has blanks in it, after a name or by themselves; inside them a backslash makes a quote or a backslash plain:
 * `due:overdue tag:"to call" "said \"no\""`. Which names mean something is not known here.
 */
export type SearchTerm =
  | { kind: 'word'; text: string }
  /** `name` in lower case, `value` as it was typed. */
  | { kind: 'operator'; name: string; value: string }

/** In order: a name before a value, something quoted (to the end where the quote is not closed), anything else. */
const TERM =
  /(?:(?<name>[A-Za-z][\w-]*):(?=\S))?(?:"(?<quoted>(?:\\.|[^"\\])*\\?)(?:"|$)|(?<plain>\S+))/gsu

/** Never fails: whatever a person has typed so far means something. */
export function parseSearch(text: string): SearchTerm[] {
  return [...text.matchAll(TERM)].flatMap(({ groups = {} }): SearchTerm[] => {
    const { name, quoted, plain } = groups
    const value = quoted === undefined ? (plain ?? '') : unquoted(quoted)
    if (name !== undefined) return [{ kind: 'operator', name: name.toLowerCase(), value }]
    return value === '' ? [] : [{ kind: 'word', text: value }]
  })
}

/** Parsing gives the same terms again. */
export function printSearch(terms: readonly SearchTerm[]): string {
  return terms
    .map((term) =>
      term.kind === 'word' ? printed(term.text, '') : printed(term.value, `${term.name}:`),
    )
    .join(' ')
}

function printed(value: string, prefix: string): string {
  const plain = prefix + value
  return isReadAs(plain, prefix, value) ? plain : prefix + quoted(value)
}

function isReadAs(plain: string, prefix: string, value: string): boolean {
  const [term, ...others] = parseSearch(plain)
  if (term === undefined || others.length > 0) return false
  return term.kind === 'word'
    ? prefix === '' && term.text === value
    : prefix === `${term.name}:` && term.value === value
}

function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`
}

function unquoted(value: string): string {
  return value.replace(/\\(.)/gsu, '$1')
}
