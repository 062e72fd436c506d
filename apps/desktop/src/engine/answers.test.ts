import { describe, expect, it } from 'vitest'

import { Answers } from './answers.ts'

const page = (n: number) => ({
  n,
  text: 'a text of which the number beside it is no great part, as in a row of a list',
})

describe('answers that are kept to be compared', () => {
  it('have the id that they had while nothing has changed', () => {
    const answers = new Answers()
    const { id } = answers.reading('q', page(1), null)
    expect(answers.reading('q', page(1), null)).toEqual({ id, whole: page(1) })
    expect(answers.reading('q', page(1), id)).toEqual({ id, changes: null })
    expect(answers.reading('q', page(2), id)).toEqual({
      id: expect.any(Number),
      changes: { fields: [['n', { value: 2 }]] },
    })
  })

  it('are whole for who holds the answer to another question', () => {
    const answers = new Answers()
    const { id } = answers.reading('q', page(1), null)
    expect(answers.reading('other', page(1), id)).toHaveProperty('whole')
  })

  it('are the last 64, by when they were asked for', () => {
    const answers = new Answers()
    const { id } = answers.reading('q', page(1), null)
    for (let n = 0; n < 63; n += 1) answers.reading(`other ${n}`, page(n), null)
    expect(answers.reading('q', page(1), id)).toEqual({ id, changes: null })
    for (let n = 0; n < 63; n += 1) answers.reading(`new ${n}`, page(n), null)
    expect(answers.reading('q', page(1), id)).toEqual({ id, changes: null })
    for (let n = 0; n < 64; n += 1) answers.reading(`newer ${n}`, page(n), null)
    expect(answers.reading('q', page(1), id)).toHaveProperty('whole')
  })

  it('are called what no other engine calls its own', () => {
    const ids = Array.from({ length: 100 }, () => new Answers().reading('q', page(1), null).id)
    expect(new Set(ids).size).toBe(100)
    for (const id of ids) expect(Number.isSafeInteger(id)).toBe(true)
  })
})
