import { SEARCH_OPERATORS } from '@parley/domain'
import { expect, test } from 'vitest'

import { openCache } from '../../testing/open-cache.ts'

test('a search is narrowed here by what the server narrows by', () => {
  const { cache } = openCache({ role: 'agent', teamIds: [] })
  expect([...cache.registry.operators.keys()].toSorted()).toEqual([...SEARCH_OPERATORS].toSorted())
})
