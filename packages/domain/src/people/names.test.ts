import { expect, test } from 'vitest'

import { byName } from './names.ts'

test('names stand in the order in which people count and spell', () => {
  const names = ['Equipo 10', 'Ñandú', 'Equipo 2', 'Zoé', 'Álvaro', 'Equipo 1', 'Nora', 'Equipo 11']
  expect(names.toSorted(byName)).toEqual([
    'Álvaro',
    'Equipo 1',
    'Equipo 2',
    'Equipo 10',
    'Equipo 11',
    'Nora',
    'Ñandú',
    'Zoé',
  ])
})
