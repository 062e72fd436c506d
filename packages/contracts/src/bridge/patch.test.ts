import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { changesBetween, sharing, withChanges, type Patch } from './patch.ts'

type Json = unknown

/** Few values and few names, so that much is the same on both sides. */
const { value: anything } = fc.letrec<{ value: Json; rows: Json; record: Json; list: Json }>(
  (tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, undefined, 0, -0, 1, Number.NaN, '', 'a', true),
      tie('rows'),
      tie('record'),
      tie('list'),
    ),
    rows: fc.array(
      fc
        .tuple(
          fc.constantFrom('id', 'key'),
          fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__', null, 7),
          fc.dictionary(fc.constantFrom('n', 'm', '__proto__'), tie('value'), { maxKeys: 2 }),
        )
        .map(([name, key, fields]) => ({ ...fields, [name]: key })),
      { maxLength: 6 },
    ),
    record: fc.dictionary(
      fc.constantFrom('a', 'b', 'value', 'items', 'fields', 'names', 'runs', '__proto__', '1'),
      tie('value'),
      { maxKeys: 4 },
    ),
    list: fc.array(tie('value'), { maxLength: 4 }),
  }),
)

/** As what is drawn from it sees it: in this order, too. */
function isSame(one: Json, other: Json): boolean {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null)
    return Object.is(one, other)
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const entries = Object.entries(one)
  const others = Object.entries(other)
  return (
    entries.length === others.length &&
    entries.every(([name, value], at) => {
      const [otherName, otherValue] = others[at] as [string, Json]
      return name === otherName && isSame(value, otherValue)
    })
  )
}

const applied = (before: Json, changes: Patch | null) =>
  changes === null ? before : withChanges(before, changes)

/** Over a line that carries JSON alone, which loses what is undefined in records and makes it null in arrays. */
const overJson = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value

const RUNS = { numRuns: 5000 }

describe('what has changed between two values', () => {
  it('makes the second of the first, and changes the first in nothing', () => {
    fc.assert(
      fc.property(anything, anything, (before, after) => {
        const untouched = structuredClone(before)
        const made = applied(before, structuredClone(changesBetween(before, after)))
        expect(isSame(made, after)).toBe(true)
        expect(isSame(before, untouched)).toBe(true)
      }),
      RUNS,
    )
  })

  it('is nothing exactly where they are the same', () => {
    fc.assert(
      fc.property(anything, anything, (before, after) => {
        expect(changesBetween(before, structuredClone(before))).toBeNull()
        expect(changesBetween(before, after) === null).toBe(isSame(before, after))
      }),
      RUNS,
    )
  })

  it('travels as JSON, too', () => {
    const plain = anything.map((value) => overJson({ value }).value)
    fc.assert(
      fc.property(plain, plain, (before, after) => {
        expect(isSame(applied(before, overJson(changesBetween(before, after))), after)).toBe(true)
      }),
      RUNS,
    )
  })

  it('tells what is undefined from what is not there, over JSON as well', () => {
    for (const [before, after] of [
      [
        { a: 1, b: 2 },
        { a: 1, b: undefined },
      ],
      [{ a: 1, b: undefined }, { a: 1 }],
      [{ a: 1 }, { a: 1, b: undefined }],
    ]) {
      const changes = overJson(changesBetween(before, after))
      expect(applied(before, changes)).toStrictEqual(after)
    }
  })

  it('leaves the prototype alone', () => {
    const hostile = JSON.parse('{ "a": 1, "__proto__": { "isAdmin": true } }') as object
    for (const before of [{}, { a: 1 }, JSON.parse('{ "a": 2, "__proto__": null }') as object]) {
      const made = sharing(before, hostile)
      expect(Object.getPrototypeOf(made)).toBe(Object.prototype)
      expect(Object.keys(made)).toEqual(['a', '__proto__'])
      expect('isAdmin' in made).toBe(false)
    }
  })
})

const row = (id: string, n = 0) => ({ id, n, customer: { name: `of ${id}` } })
const rows = (...ids: string[]) => ids.map((id) => row(id))

describe('what is the same in both', () => {
  it('is the same object', () => {
    const before = { rows: rows('a', 'b', 'c', 'd'), at: null, other: { deep: [{}] } }
    const after = {
      rows: [row('d'), row('a', 1), row('x'), row('c')],
      at: null,
      other: { deep: [{}] },
    }
    const made = sharing(before, after)
    expect(made).toEqual(after)
    expect(made.rows[0]).toBe(before.rows[3])
    expect(made.rows[1]?.customer).toBe(before.rows[0]?.customer)
    expect(made.rows[3]).toBe(before.rows[2])
    expect(made.other).toBe(before.other)
    expect(sharing(before, structuredClone(before))).toBe(before)
  })

  it('is so wherever rows moved to, came, went, or are there twice', () => {
    const someRows = fc.array(
      fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), n: fc.nat(1) }),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(someRows, someRows, (before, after) => {
        const made = sharing(before, structuredClone(after))
        expect(made).toEqual(after)
        const isOnce = (id: string) =>
          [before, after].every((all) => all.filter((one) => one.id === id).length === 1)
        for (const one of made) {
          if (!isOnce(one.id)) continue
          const known = before.find(({ id }) => id === one.id)
          if (known?.n === one.n) expect(one).toBe(known)
        }
        expect(new Set(made).size).toBe(made.length)
      }),
      RUNS,
    )
  })
})

describe('how much travels', () => {
  it('of a row what has changed in it, and of the others nothing', () => {
    expect(changesBetween(rows('a', 'b', 'c'), [row('a'), row('b', 1), row('c')])).toEqual({
      items: [[1, { fields: [['n', { value: 1 }]] }]],
    })
  })

  it('of what moved, went and came where it stood, whatever the number of rows', () => {
    const ids = Array.from({ length: 100 }, (_, n) => `row ${n}`)
    const [first = '', ...others] = ids
    expect(changesBetween(rows(...ids), rows(...others, first))).toEqual({
      items: [],
      runs: [
        [1, 99],
        [0, 1],
      ],
    })
    expect(changesBetween(rows(...ids), rows(...others, 'new'))).toEqual({
      items: [[99, { value: row('new') }]],
      runs: [
        [1, 99],
        [-1, 1],
      ],
    })
    expect(changesBetween(rows(...ids), rows('x', 'y'))).toEqual({ value: rows('x', 'y') })
  })

  it('of what came to a record or went from it the names', () => {
    expect(changesBetween({ a: 1, b: 2 }, { b: 2, c: 3 })).toEqual({
      fields: [['c', { value: 3 }]],
      names: ['b', 'c'],
    })
  })
})
