import { expect, test } from 'vitest'

import { type Extent } from '../../bridge/use-is-partial.ts'
import { translateIn } from '../../i18n/testing/translate-in.ts'
import { emptyTitle } from './empty-title.ts'

const titleOf = (extent: Extent, { isFiltered = false, isLoading = false } = {}) =>
  emptyTitle('team', { extent, isFiltered, isLoading })

test('a queue is said to be empty only where that is known', () => {
  expect(titleOf('all')).toBe('empty.team')
  expect(titleOf('here')).toBe('emptyHere.team')
  expect(titleOf('unknown')).toBeNull()
  expect(translateIn('en')('emptyHere.team')).toBe('Nothing saved on this computer from this queue')
  expect(translateIn('es')('emptyHere.team')).toBe(
    'No hay nada guardado de esta cola en esta computadora',
  )
})

test('so it is where a filter leaves nothing, and while the first load brings it', () => {
  expect([titleOf('all', { isFiltered: true }), titleOf('here', { isFiltered: true })]).toEqual([
    'filtered',
    'emptyHere.filtered',
  ])
  expect([titleOf('here', { isLoading: true }), titleOf('unknown', { isLoading: true })]).toEqual([
    'empty.loading',
    'empty.loading',
  ])
  // A load behind what is here already.
  expect(titleOf('all', { isLoading: true })).toBe('empty.team')
})
