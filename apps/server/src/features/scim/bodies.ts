import { typedText } from '@parley/contracts'

import { SCIM_LIMITS } from './limits.ts'
import { invalid, ScimRefusal } from './refusal.ts'

/** What bodies are made of, whatever they describe: names of attributes in any case, operations of both vendors. */

const text = typedText(255).trim()

/** Attributes may be called by their schema. */
export const OWN_SCHEMA = /^urn:ietf:params:scim:schemas:core:2\.0:(?:User|Group):/i

export interface Operation {
  op: 'add' | 'replace' | 'remove'
  path: string | null
  value: unknown
}

/** Entra writes `Replace`, `Add`, `Remove`. @throws ScimRefusal */
export function readOperations(body: unknown): Operation[] {
  const operations = entryOf(requireObject(body, 'The body'), 'operations')
  if (!Array.isArray(operations) || operations.length === 0) {
    throw new ScimRefusal(400, 'invalidSyntax', 'Operations is no list with something in it')
  }
  if (operations.length > SCIM_LIMITS.operations) {
    throw new ScimRefusal(413, 'tooMany', `More than ${SCIM_LIMITS.operations} operations`)
  }
  return operations.map((operation: unknown) => {
    const attributes = requireObject(operation, 'An operation')
    const op = wordOf(entryOf(attributes, 'op'))
    const path = entryOf(attributes, 'path') ?? null
    if (op !== 'add' && op !== 'replace' && op !== 'remove') {
      throw new ScimRefusal(400, 'invalidSyntax', 'op is none of add, replace, remove')
    }
    if (path !== null && typeof path !== 'string') {
      throw new ScimRefusal(400, 'invalidPath', 'path is no text')
    }
    if (op === 'remove' && path === null) {
      throw new ScimRefusal(400, 'noTarget', 'What to remove is not said')
    }
    return { op, path, value: entryOf(attributes, 'value') }
  })
}

/** Nothing and no text are the same. */
export function readText(value: unknown, path: string): string | null {
  if (value === null || value === undefined) return null
  const result = text.safeParse(value)
  if (!result.success) throw invalid(`${path} is no text of at most 255 characters`)
  return result.data === '' ? null : result.data
}

/** In lower case; what is no text is none, and is not made into one: an object may have any `toString`. */
export function wordOf(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : ''
}

/** @throws ScimRefusal where another schema is named and this is not */
export function requireSchema(attributes: object, wanted: string, other: string): void {
  const named = entryOf(attributes, 'schemas')
  if (named === undefined) return
  const schemas = Array.isArray(named) ? named.map(wordOf) : []
  if (schemas.includes(other.toLowerCase()) && !schemas.includes(wanted.toLowerCase())) {
    throw new ScimRefusal(400, 'invalidSyntax', 'schemas names another resource')
  }
}

/** @throws ScimRefusal */
export function requireObject(value: unknown, what: string): Record<string, unknown> {
  if (isObject(value)) return value
  throw new ScimRefusal(400, 'invalidSyntax', `${what} is no object`)
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** @param name in lower case */
export function entryOf(attributes: object, name: string): unknown {
  return Object.entries(attributes).find(([key]) => key.toLowerCase() === name)?.[1]
}
