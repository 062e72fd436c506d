import { describe, expect, test } from 'vitest'

import { type Queryable } from '../../platform/database.ts'
import { type Statement } from '../../platform/sql.ts'
import { findPeople } from './directory-people.queries.ts'
import { SCIM_LIMITS } from './limits.ts'
import { readListQuery, readQuery, selected } from './queries.ts'

const user = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  id: 'one',
  userName: 'ana@directory.example',
  emails: [{ value: 'ana@directory.example', type: 'work' }],
}

describe('what is asked of each resource', () => {
  test('is read in a moment, whatever it is made of', () => {
    for (const list of ['['.repeat(15_000), '[type'.repeat(3_000), `a${'.'.repeat(15_000)}]`]) {
      const began = performance.now()
      const query = readQuery({ attributes: list })
      for (let times = 0; times < 200; times++) {
        expect(selected(user, query)).toEqual({ schemas: user.schemas, id: 'one' })
      }
      expect(performance.now() - began).toBeLessThan(500)
    }
  })

  test('is so much at most', () => {
    const named = (count: number) => readQuery({ excludedAttributes: 'a,'.repeat(count - 1) })
    expect(selected(user, named(SCIM_LIMITS.attributes))).toEqual(user)
    expect(() => named(SCIM_LIMITS.attributes + 1)).toThrow('attributes are named')
  })

  test('may be called by a path with a filter', () => {
    for (const attributes of ['emails[type eq "work"].value', 'EMAILS[x]', 'emails.value']) {
      expect(selected(user, readQuery({ attributes }))).toEqual({
        schemas: user.schemas,
        id: 'one',
        emails: [{ value: 'ana@directory.example' }],
      })
    }
  })
})

test('only a look by one thing is kept by the connection: the combinations are endless', async () => {
  const statements: Statement[] = []
  const db: Queryable = {
    many: async (statement) => (statements.push(statement), []),
    maybe: async () => null,
    one: async <Row>(statement: Statement) => (statements.push(statement), { total: 0 } as Row),
    run: async () => 0,
  }
  const look = (filter: string) => findPeople(db, readListQuery(readQuery({ filter, count: '0' })))
  await look('userName eq "ana"')
  expect(statements.map(({ name }) => typeof name)).toEqual(['string', 'string'])
  statements.length = 0
  await look('userName eq "ana" and active eq true and userName eq "ana"')
  expect(statements.map(({ name }) => typeof name)).toEqual(['undefined', 'undefined'])
})
