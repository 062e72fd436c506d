import fc, { type Arbitrary } from 'fast-check'
import { z } from 'zod'

import { appRouter } from '../trpc/router.ts'

/** Inputs of every procedure, made from what it declares: right ones, nearly right ones, and others. */

export interface DeclaredProcedure {
  path: string
  type: 'query' | 'mutation' | 'subscription'
  permission: string
  inputs: Arbitrary<unknown>
}

/** @param ids of what there is, so that what is asked for is found as well as not */
export function declaredProcedures(ids: readonly string[]): DeclaredProcedure[] {
  return Object.entries(appRouter._def.procedures).map(([path, procedure]) => {
    const { type, meta, inputs } = (
      procedure as unknown as {
        _def: {
          type: DeclaredProcedure['type']
          meta: { permission: string }
          inputs: z.ZodType[]
        }
      }
    )._def
    const schemas = inputs.map(
      (input) => z.toJSONSchema(input, { unrepresentable: 'any', io: 'input' }) as Schema,
    )
    return { path, type, permission: meta.permission, inputs: inputsOf(schemas, ids) }
  })
}

interface Schema {
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  propertyNames?: Schema
  items?: Schema
  prefixItems?: Schema[]
  minItems?: number
  maxItems?: number
  format?: string
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
}

/** What PostgreSQL, JSON, patterns or the language take for something else than words. */
const HOSTILE_STRINGS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud83d',
  '\udc4d\ud83d',
  '\u202e\u2066',
  '%',
  '_%\\',
  "' OR 1=1; --",
  '$1',
  ':*&|!<->(',
  '__proto__',
  'constructor',
  '[object Object]',
  '-1',
  '1e400',
  'NaN',
  'infinity',
  '9999-12-31T23:59:59.999Z',
  '0000-01-01T00:00:00Z',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '٣',
  'ﷺ'.repeat(40),
  'x'.repeat(5_000),
]
const HOSTILE_NUMBERS = [0, -1, 0.5, -0, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, 5e-324]

/** As JSON has it: `__proto__` is a key like any other there. */
const HOSTILE_VALUES: readonly unknown[] = [
  null,
  true,
  [],
  {},
  [[[[[[[[[[[[]]]]]]]]]]]],
  JSON.parse('{"__proto__":{"admin":true},"constructor":{"prototype":{}}}'),
  { json: {}, meta: { values: { id: ['Date'] } } },
  { toString: 1, valueOf: 1, toJSON: 1, length: -1 },
  ...HOSTILE_STRINGS,
  ...HOSTILE_NUMBERS,
]

const hostileValue = fc.constantFrom(...HOSTILE_VALUES)

function inputsOf(schemas: Schema[], ids: readonly string[]): Arbitrary<unknown> {
  if (schemas.length === 0) return hostileValue
  const right = fc
    .tuple(...schemas.map((schema) => valueOf(schema, ids)))
    .map((parts) => (parts.length === 1 ? parts[0] : Object.assign({}, ...parts)) as unknown)
  const nearlyRight = fc
    .tuple(right, fc.nat(), hostileValue)
    .map(([input, place, value]) => withOneReplaced(input, place, value))
  return fc.oneof(
    { weight: 5, arbitrary: right },
    { weight: 4, arbitrary: nearlyRight },
    { weight: 1, arbitrary: hostileValue },
  )
}

function valueOf(schema: Schema, ids: readonly string[]): Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => valueOf(choice, ids)))
  switch (schema.type) {
    case 'string':
      return stringOf(schema, ids)
    case 'integer':
      return fc.oneof(
        fc.integer({
          min: Math.max(schema.minimum ?? -(2 ** 31), -(2 ** 31)),
          max: Math.min(schema.maximum ?? 2 ** 31 - 1, 2 ** 31 - 1),
        }),
        fc.constantFrom(schema.minimum ?? -(2 ** 53), schema.maximum ?? 2 ** 53 - 1),
      )
    case 'number':
      return fc.double({
        min: schema.minimum ?? -1e308,
        max: schema.maximum ?? 1e308,
        noNaN: true,
      })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(valueOf(schema.items ?? {}, ids), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, Math.max(schema.minItems ?? 0, 4)),
      })
    case 'object':
      return objectOf(schema, ids)
    default:
      return hostileValue
  }
}

function stringOf(
  { format, pattern, minLength = 0, maxLength = 200 }: Schema,
  ids: readonly string[],
): Arbitrary<string> {
  if (format === 'uuid') {
    return fc.oneof(fc.constantFrom(...ids), fc.uuid({ version: 7 }), fc.constant(NO_ID))
  }
  if (format === 'date-time') {
    return fc.oneof(
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.constantFrom('0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999999Z'),
    )
  }
  if (format === 'date') return fc.constantFrom('0000-01-01', '2024-02-29', '9999-12-31')
  if (format === 'email') return fc.emailAddress()
  if (format === 'uri') return fc.webUrl()
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern))
  return fc
    .oneof(
      fc.string({ unit: 'binary', minLength, maxLength: Math.min(maxLength, 200) }),
      fc.constantFrom(...HOSTILE_STRINGS),
    )
    .map((text) => text.padEnd(minLength, 'x').slice(0, maxLength))
}

const NO_ID = '01890000-0000-7000-8000-000000000000'

function objectOf(schema: Schema, ids: readonly string[]): Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties, propertyNames } = schema
  const named = fc.record(
    Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, valueOf(property, ids)]),
    ),
    { requiredKeys: required },
  )
  if (typeof additionalProperties !== 'object') return named
  const keys = valueOf({ type: 'string', ...propertyNames }, ids) as Arbitrary<string>
  return fc
    .tuple(named, fc.dictionary(keys, valueOf(additionalProperties, ids), { maxKeys: 3 }))
    .map(([one, other]) => ({ ...one, ...other }))
}

/** Somewhere in it, something else; or a key that it does not know. */
function withOneReplaced(input: unknown, place: number, value: unknown): unknown {
  const copy = structuredClone(input)
  const places: (() => void)[] = []
  const walk = (holder: unknown): void => {
    if (typeof holder !== 'object' || holder === null) return
    for (const [key, inner] of Object.entries(holder)) {
      places.push(() => void ((holder as Record<string, unknown>)[key] = value))
      walk(inner)
    }
    if (!Array.isArray(holder)) {
      places.push(() => Object.defineProperty(holder, '__proto__', { value, enumerable: true }))
    }
  }
  walk(copy)
  if (places.length === 0) return value
  places[place % places.length]?.()
  return copy
}
