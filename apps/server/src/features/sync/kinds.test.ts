import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { KINDS as DECLARED } from '@parley/contracts'
import { expect, test } from 'vitest'

import { KINDS } from '../../features.ts'
import { Kinds } from './kinds.ts'

const sources = globSync('*.ts', { cwd: import.meta.dirname })
  .filter((file) => !file.includes('.test.'))
  .map((file) => [file, readFileSync(join(import.meta.dirname, file), 'utf8')] as const)

test('every kind of the contracts is served, once', () => {
  expect(KINDS.map(({ kind }) => kind).toSorted()).toEqual(
    DECLARED.map(({ kind }) => kind).toSorted(),
  )
  expect(() => new Kinds([...KINDS, ...KINDS.slice(0, 1)])).toThrow('served twice')
})

test('what somebody has read comes before what they have read it of', () => {
  const order = KINDS.map(({ kind }) => kind)
  expect(order.indexOf('read_mark')).toBeLessThan(order.indexOf('conversation'))
})

test('sync carries kinds by what they declare and names none but the one that others hang on', () => {
  const named = sources.flatMap(([file, source]) =>
    DECLARED.filter(({ kind }) => new RegExp(`['"\`]${kind}['"\`]`).test(source)).map(
      ({ kind }) => `${file}: ${kind}`,
    ),
  )
  expect(named).toEqual(['served-kind.ts: conversation'])
})
