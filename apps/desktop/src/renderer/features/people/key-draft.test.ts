import { createApiKeyInput } from '@parley/contracts'
import { expect, test } from 'vitest'

import { daysIn, keyOf, lifetimeOf, type KeyDraft } from './key-draft.ts'

const DRAFT: KeyDraft = {
  name: ' Entra ',
  ownerId: '01a22500-8c29-7028-90a4-efd43d0931c8',
  scopes: ['scim'],
  days: '365',
  addresses: ' 203.0.113.0/24,\n2001:db8::7; 198.51.100.7 ',
}

test('is sent as it was typed, addresses in whatever way they are kept apart', () => {
  const key = keyOf(DRAFT)
  expect(key).toEqual({
    name: 'Entra',
    ownerId: DRAFT.ownerId,
    scopes: ['scim'],
    lifetimeDays: 365,
    allowedAddresses: ['203.0.113.0/24', '2001:db8::7', '198.51.100.7'],
  })
  expect(createApiKeyInput.safeParse(key).success).toBe(true)
})

test.each([
  { name: '  ' },
  { ownerId: '' },
  { scopes: [] },
  { days: '' },
  { days: '731' },
  { addresses: Array.from({ length: 51 }, (_, index) => `10.0.0.${index}`).join(' ') },
])('waits while %j is missing or wrong', (wrong) => {
  expect(keyOf({ ...DRAFT, ...wrong })).toBeNull()
})

test.each(['0', '-1', '1.5', '1e2', 'siempre', '731', '٣'])('%j is no number of days', (typed) => {
  expect(daysIn(typed)).toBeNull()
})

test('the next one lives as long as the one before was made for', () => {
  const createdAt = '2026-01-01T00:00:00.000Z'
  expect(lifetimeOf({ createdAt, expiresAt: '2026-04-01T00:00:00.000Z' })).toBe(90)
  expect(lifetimeOf({ createdAt, expiresAt: '2026-01-01T03:00:00.000Z' })).toBe(1)
})
