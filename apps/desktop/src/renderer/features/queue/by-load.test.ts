import type { PersonView } from '@parley/contracts'
import { describe, expect, it } from 'vitest'

import { byLoad } from './by-load.ts'

describe('people by load', () => {
  it('put the fullest who is there on top', () => {
    const person = (id: string, load: number, status: PersonView['presence']['status']) =>
      ({ id, fullName: id, load, presence: { status, capacity: 6 } }) as PersonView
    const people = [
      person('away', 1, 'away'),
      person('gone', 6, 'offline'),
      person('full', 6, 'busy'),
    ]
    expect(byLoad(people).map(({ id }) => id)).toEqual(['full', 'away', 'gone'])
  })
})
