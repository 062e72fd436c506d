import { KINDS } from '@parley/contracts'
import { describe, expect, test } from 'vitest'

import { type EngineFeature } from './feature.ts'
import { REGISTRY } from './features.ts'
import { gather } from './registry.ts'
import { keptKind } from './store/kept-kind.ts'

describe('the features', () => {
  test('keep every kind of row there is', () => {
    expect([...REGISTRY.kinds.keys()].toSorted()).toEqual(KINDS.map(({ kind }) => kind).toSorted())
  })
})

describe('two features', () => {
  const [personKind] = KINDS.filter(({ kind }) => kind === 'person')
  if (personKind === undefined) throw new Error('people are no kind of row any more')
  const people = keptKind(personKind, { table: 'people', sweep: 'nothing' }) as never

  test.each<[string, Omit<EngineFeature, 'name'>]>([
    ['kind', { kinds: [people] }],
    ['intent', { intents: { claim: { carryOut: async () => [] } } }],
    ['mark', { rowMarks: { clock: () => [] } }],
    ['operator', { operators: { due: () => null } }],
  ])('cannot have the same %s', (_what, part) => {
    expect(() => gather([{ name: 'one', ...part }])).not.toThrow()
    expect(() =>
      gather([
        { name: 'one', ...part },
        { name: 'two', ...part },
      ]),
    ).toThrow('declared twice')
  })

  test('cannot have the same name', () => {
    expect(() => gather([{ name: 'one' }, { name: 'one' }])).toThrow('one is declared twice')
  })
})
