import { z } from 'zod'

import { type Statement, unprepared } from '../../platform/sql.ts'
import { SCIM_LIMITS } from './limits.ts'
import { invalid, ScimRefusal } from './refusal.ts'

/** What a directory asks for: which resources, how many, and what of each. */
export interface ListQuery {
  /** All have to hold; attribute names in lower case. */
  conditions: Condition[]
  startIndex: number
  count: number
}

export interface Condition {
  attribute: string
  value: string | boolean
}

const queryText = z.string().optional()
const querySchema = z.object({
  filter: queryText,
  startIndex: queryText,
  count: queryText,
  attributes: queryText,
  excludedAttributes: queryText,
})

interface Query {
  filter: string | undefined
  startIndex: string | undefined
  count: string | undefined
  /** Of what is asked for, and what is not; null: nothing was said. */
  attributes: string[] | null
  excludedAttributes: string[] | null
}

/** @throws ScimRefusal */
export function readQuery(query: unknown): Query {
  const result = querySchema.safeParse(query)
  if (!result.success) throw new ScimRefusal(400, 'invalidSyntax', 'A parameter is there twice')
  const { filter, startIndex, count, attributes, excludedAttributes } = result.data
  return {
    filter,
    startIndex,
    count,
    attributes: namesOf(attributes),
    excludedAttributes: namesOf(excludedAttributes),
  }
}

/** @throws ScimRefusal for what is not supported */
export function readListQuery({ filter, startIndex, count }: Query): ListQuery {
  return {
    conditions: filter === undefined ? [] : readFilter(filter),
    startIndex: Math.max(1, wholeNumber(startIndex, 'startIndex') ?? 1),
    count: Math.min(
      SCIM_LIMITS.pageSize,
      Math.max(0, wholeNumber(count, 'count') ?? SCIM_LIMITS.defaultPageSize),
    ),
  }
}

/** So far as PostgreSQL counts rows. */
const wholeNumber = (text: string | undefined, name: string): number | null => {
  if (text === undefined) return null
  if (!/^-?\d{1,9}$/.test(text)) throw invalid(`${name} is no whole number`)
  return Number(text)
}

const CONDITION =
  /^\s*([a-z$][\w.:$-]*(?:\[\s*type\s+eq\s+"work"\s*\]\.value|\[\s*value\s+eq\s+("(?:[^"\\]|\\.)*")\s*\])?)(?:\s+eq\s+("(?:[^"\\]|\\.)*"|true|false))?\s*(?:and(?=\s)|$)/i

/**
 * Equalities, joined by `and`. Comparisons of other kinds would have to be answered from the whole table, and neither
 * Entra nor Okta asks for them.
 * @throws ScimRefusal `invalidFilter`
 */
function readFilter(filter: string): Condition[] {
  const refused = new ScimRefusal(
    400,
    'invalidFilter',
    'Filters are equalities (attribute eq "value"), joined by and',
  )
  if (filter.length > SCIM_LIMITS.filterLength) throw refused
  const conditions: Condition[] = []
  let rest = filter
  while (rest.trim() !== '' || conditions.length === 0) {
    const found = CONDITION.exec(rest)
    // `members[value eq "…"]` has its value within.
    const literal = found?.[2] ?? found?.[3]
    if (found === null || literal === undefined) throw refused
    conditions.push({ attribute: plainName(found[1] ?? ''), value: readLiteral(literal, refused) })
    rest = rest.slice(found[0].length)
    if (/\band\s*$/i.test(found[0]) && rest.trim() === '') throw refused
  }
  return conditions
}

function readLiteral(literal: string, refused: ScimRefusal): string | boolean {
  try {
    return JSON.parse(literal.startsWith('"') ? literal : literal.toLowerCase()) as string | boolean
  } catch {
    throw refused
  }
}

/** `urn:…:User:userName`, `members[value eq …]` and `emails[type eq "work"].value` are what they name. */
function plainName(path: string): string {
  return (
    path
      .toLowerCase()
      .replace(/^urn:ietf:params:scim:schemas:core:2\.0:(user|group):/, '')
      // From the first bracket on: a search at each of thousands would take the whole server's minute.
      .replace(/^([^[]*)\[\s*type.*\]\.value$/, '$1.value')
      .replace(/^([^[]*)\[.*\]$/, '$1.value')
  )
}

/** Whether the whole of an attribute is not asked for: what is dear to find need not be looked for. */
export function isLeftOut({ attributes, excludedAttributes }: Query, name: string): boolean {
  if (attributes !== null) {
    return !attributes.some((one) => one === name || one.startsWith(`${name}.`))
  }
  return excludedAttributes?.includes(name) ?? false
}

/** Always there, whatever is asked for (RFC 7643, `returned`). */
const ALWAYS = new Set(['schemas', 'id'])

/** Of a resource what was asked for. */
export function selected(
  resource: object,
  { attributes: asked, excludedAttributes: excluded }: Query,
): object {
  if (asked === null && excluded === null) return resource
  const isShown = (path: string): boolean =>
    asked === null
      ? !excluded?.includes(path)
      : asked.some((one) => one === path || path.startsWith(`${one}.`))
  const partsOf = (value: object, prefix: string): object =>
    Object.fromEntries(
      Object.entries(value).flatMap(([key, part]: [string, unknown]) => {
        const path = `${prefix}${key.toLowerCase()}`
        if (prefix === '' && ALWAYS.has(key)) return [[key, part]]
        const isWithin = asked?.some((one) => one.startsWith(`${path}.`)) ?? false
        if (!isShown(path) && !isWithin) return []
        if (part === null || typeof part !== 'object') return [[key, part]]
        const inside = (one: unknown): unknown =>
          one !== null && typeof one === 'object' ? partsOf(one, `${path}.`) : one
        return [[key, Array.isArray(part) ? part.map(inside) : inside(part)]]
      }),
    )
  return partsOf(resource, '')
}

/** @throws ScimRefusal: each is looked for in each resource of a page */
function namesOf(list: string | undefined): string[] | null {
  const names = (list ?? '').split(',')
  if (names.length > SCIM_LIMITS.attributes) {
    throw invalid(`More than ${SCIM_LIMITS.attributes} attributes are named`)
  }
  const present = names.map((name) => plainName(name.trim())).filter(Boolean)
  return present.length === 0 ? null : present
}

/**
 * What directories look by is one thing, and prepared. Of several the combinations are endless, and a connection that
 * kept each would fill PostgreSQL.
 */
export function finding(conditions: readonly Condition[], statement: Statement): Statement {
  return conditions.length > 1 ? unprepared(statement) : statement
}
