import { expect, test } from 'vitest'

import { differencesOf } from './differences.ts'

test('of a change there is what was and what is', () => {
  expect(differencesOf({ name: 'Ventas', description: null }, { name: 'Cobros' })).toEqual([
    { path: ['name'], was: 'Ventas', is: 'Cobros' },
    { path: ['description'], was: null },
  ])
})

test('of what has fields only those that differ', () => {
  const policy = { firstResponseSeconds: 60, resolutionSeconds: 600 }
  expect(
    differencesOf(
      { policies: { urgent: policy, high: policy, low: null } },
      { policies: { urgent: { ...policy, resolutionSeconds: 900 }, high: policy, low: policy } },
    ),
  ).toEqual([
    { path: ['policies', 'urgent', 'resolutionSeconds'], was: 600, is: 900 },
    { path: ['policies', 'low', 'firstResponseSeconds'], is: 60 },
    { path: ['policies', 'low', 'resolutionSeconds'], is: 600 },
  ])
})

test('of a list what came and what went, and all of it where only the order is another', () => {
  expect(differencesOf({ teamIds: ['a', 'b'] }, { teamIds: ['b', 'c'] })).toEqual([
    { path: ['teamIds'], was: ['a'], is: ['c'] },
  ])
  expect(differencesOf({ teamIds: ['a'] }, { teamIds: ['a', 'b'] })).toEqual([
    { path: ['teamIds'], is: ['b'] },
  ])
  expect(differencesOf({ steps: ['rules', 'model'] }, { steps: ['model', 'rules'] })).toEqual([
    { path: ['steps'], was: ['rules', 'model'], is: ['model', 'rules'] },
  ])
})

test('of what only was, or only is, all of it', () => {
  expect(differencesOf(null, { device: 'x', secondFactor: null })).toEqual([
    { path: ['device'], is: 'x' },
    { path: ['secondFactor'], is: null },
  ])
  expect(differencesOf({ name: 'vip' }, null)).toEqual([{ path: ['name'], was: 'vip' }])
  expect(differencesOf(null, null)).toEqual([])
  // What a newer server writes may be anything.
  expect(differencesOf({ odd: { a: 1 } }, { odd: 3 })).toEqual([
    { path: ['odd'], was: { a: 1 }, is: 3 },
  ])
})
