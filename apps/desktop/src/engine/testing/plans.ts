import { type Store } from '../store/store.ts'

/** Tables that grow with what a person may see. */
const LARGE = new Set([
  'conversations',
  'conversation_rows',
  'conversation_tags',
  'messages',
  'events',
  'customers',
  'read_marks',
])

interface Step {
  id: number
  parent: number
  detail: string
}

/** What is wrong with how SQLite would carry out a statement; empty where nothing is. */
export function faultsOf(store: Store, sql: string): string[] {
  const tables = namesIn(sql)
  const parameters = Array.from(sql.matchAll(/\?/g), () => null)
  const steps = store.all<Step>(`EXPLAIN QUERY PLAN ${sql}`, ...parameters)
  const tableOf = ({ detail }: Step): string => {
    const name = /^(?:SCAN|SEARCH) (\w+)/.exec(detail)?.[1] ?? ''
    return tables.get(name) ?? name
  }
  return steps.flatMap((step) => {
    const { detail } = step
    if (/AUTOMATIC/.test(detail)) return [detail]
    if (detail.startsWith('SCAN') && LARGE.has(tableOf(step))) return [detail]
    // What is deleted was found and is gone: it is not gone through again.
    const isLimited = /\bLIMIT\b|^\s*DELETE\b/i.test(sql)
    if (isWide(detail) && LARGE.has(tableOf(step)) && !isLimited) return [detail]
    if (/TEMP B-TREE FOR (ORDER BY|LAST)/.test(detail)) {
      const first = steps.find(
        (other) => other.parent === step.parent && /^(SCAN|SEARCH)/.test(other.detail),
      )
      // In order afterwards: what a small table, a list of ids or one conversation leads to.
      const isBounded =
        first === undefined ||
        !LARGE.has(tableOf(first)) ||
        /\((id|rowid|local_id|conversation_id|customer_id)=\?/.test(first.detail)
      return isBounded ? [] : [`${first.detail}, then ${detail}`]
    }
    return []
  })
}

/** A search that begins somewhere in an index and may go on to its end. */
function isWide(detail: string): boolean {
  const by = /^SEARCH .*\((.*)\)/.exec(detail)?.[1]
  return by !== undefined && !by.includes('=?')
}

/** Tables by the names that a statement has for them. */
function namesIn(sql: string): Map<string, string> {
  const found = sql.matchAll(
    /\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)(?:\s+(?:AS\s+)?(?!WHERE|ON|SET|CROSS|JOIN|LEFT|ORDER|GROUP|LIMIT|VALUES|USING|UNION|INDEXED)(\w+))?/g,
  )
  return new Map(
    [...found].flatMap(([, table = '', alias = table]) => [
      [table, table],
      [alias, table],
    ]),
  )
}
