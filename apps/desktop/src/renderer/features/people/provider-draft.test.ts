import { expect, test } from 'vitest'

import { draftOf, settingsOf } from './provider-draft.ts'

test('domains are taken as people write them', () => {
  const draft = { ...draftOf(null), domains: ' @Acme.example, acme.mx;\nacme.example.org ' }
  expect(settingsOf(draft).domains).toEqual(['acme.example', 'acme.mx', 'acme.example.org'])
})

test('what is stored is what was shown, and the secret is never among it', () => {
  const stored = {
    ...settingsOf({ ...draftOf(null), domains: 'acme.example', groupsClaim: 'groups' }),
    id: 'a',
    version: 3,
    hasSecret: true,
    people: 2,
  }
  expect(draftOf(stored).clientSecret).toBe('')
  expect(settingsOf(draftOf(stored))).toEqual(settingsOf({ ...draftOf(stored) }))
  expect(settingsOf({ ...draftOf(stored), groupsClaim: '  ' }).groupsClaim).toBeNull()
})
