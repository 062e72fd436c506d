import { describe, expect, it } from 'vitest'
import { makeCodec, type Wire } from '../src/page/codec.ts'

const codec = makeCodec()
/** Through text, as every value travels. */
const travel = (value: unknown): any =>
  codec.decode(JSON.parse(JSON.stringify(codec.encode(value))) as Wire)

describe('codec', () => {
  it.each([
    ['text', 'ü\u2028"'],
    ['numbers', [0, -1.5, NaN, Infinity, -Infinity]],
    ['nothing', [null, undefined]],
    ['big integers', -(2n ** 70n)],
    ['dates', new Date(0)],
    ['regular expressions', /a+/giu],
    ['maps and sets', new Map<unknown, unknown>([[{ k: 1 }, new Set(['x', new Date(1)])]])],
    [
      'typed arrays',
      [new Uint8Array([0, 128, 255]), new Float64Array([1.5, -0]), new BigInt64Array([-1n])],
    ],
    ['a key that looks like a tag', { $: 'date', v: 5, deeper: { $: 1 } }],
  ])('keeps %s', (_what, value) => {
    expect(travel(value)).toStrictEqual(value)
  })

  it('keeps minus zero and an invalid date', () => {
    expect(Object.is(travel(-0), -0)).toBe(true)
    expect(travel(new Date(NaN)).getTime()).toBeNaN()
  })

  it('keeps large buffers and only the part that a view shows', () => {
    const large = new Uint8Array(100_000).map((_, index) => index % 251)
    expect(travel(large)).toStrictEqual(large)
    expect(new Uint8Array(travel(large.buffer))).toStrictEqual(large)
    expect([...travel(large.subarray(3, 6))]).toEqual([3, 4, 5])
  })

  it('keeps identity and cycles, whatever stands between', () => {
    const shared = { name: 'shared' }
    const value: Record<string, unknown> = {
      when: new Date(1),
      first: shared,
      map: new Map([['again', shared]]),
      error: new Error('x'),
      list: [shared],
    }
    value['self'] = value
    const copy = travel(value)
    expect(copy.self).toBe(copy)
    expect(copy.map.get('again')).toBe(copy.first)
    expect(copy.list[0]).toBe(copy.first)
  })

  it('keeps the type, name, stack and cause of errors', () => {
    class OddError extends Error {
      override name = 'OddError'
    }
    const error = new TypeError('outer', { cause: new RangeError('inner') })
    const copy = travel(error)
    expect(copy).toBeInstanceOf(TypeError)
    expect([copy.message, copy.stack, copy.cause.message]).toEqual(['outer', error.stack, 'inner'])
    expect(travel(new OddError('odd'))).toMatchObject({ name: 'OddError', message: 'odd' })
  })

  it('does not let a key set a prototype', () => {
    const value = JSON.parse('{"__proto__": {"admin": true}}') as object
    const copy = travel(value)
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
    expect(copy.admin).toBeUndefined()
    expect(Object.hasOwn(copy, '__proto__')).toBe(true)
  })

  it.each([
    ['symbols', Symbol('s')],
    ['functions', () => 1],
    ['promises', Promise.resolve()],
    ['weak maps', new WeakMap()],
    ['blobs', new Blob([])],
  ])('refuses %s, as a clone does', (_what, value) => {
    expect(() => codec.encode({ value })).toThrow('An object could not be cloned.')
  })

  it('leaves functions and promises to the hook, without losing count of the objects after them', () => {
    const after = { after: true }
    const value = { run: () => 1, soon: Promise.resolve(), after, again: after }
    const wire = codec.encode(value, (part) => ({
      $: typeof part === 'function' ? 'function' : 'promise',
      v: 7,
    }))
    const copy = codec.decode(wire, ({ $: tag, v }) => `${tag} ${v}`) as Record<string, unknown>
    expect([copy['run'], copy['soon']]).toEqual(['function 7', 'promise 7'])
    expect(copy['again']).toBe(copy['after'])
  })
})
