import { expect, test } from 'vitest'

import { translateIn } from '../../i18n/testing/translate-in.ts'

test('nobody is told to begin before anything is there to begin with', () => {
  const [es, en] = [translateIn('es'), translateIn('en')]
  expect(es('bootstrapping.rows', { count: 0 })).toBe('Cargando tus conversaciones…')
  expect(en('bootstrapping.rows', { count: 0 })).toBe('Loading your conversations…')
  expect(es('bootstrapping.rows', { count: 1 })).toBe(
    '1 registro guardado. Puedes empezar a trabajar.',
  )
  expect(en('bootstrapping.rows', { count: 1200 })).toBe(
    '1,200 records saved. You can start working.',
  )
})

test('who is offline is told what becomes of what they do', () => {
  expect(translateIn('es')('offline.nothingWaits')).toBe(
    'Lo que hagas se enviará cuando vuelva la conexión.',
  )
  expect(translateIn('en')('offline.nothingWaits')).toBe(
    "You can read, search and write. Everything is sent when you're back online.",
  )
})
