import { expect, test } from 'vitest'

import { FairShare } from './fair-share.ts'

test('one caller’s calls wait for each other, a neighbour’s do not, and too many are sent away', async () => {
  const shares = new FairShare({ atOnce: 1, waiting: 1 })
  const first = Promise.withResolvers<string>()
  const running = shares.run('flood', () => first.promise)
  const waiting = shares.run('flood', () => Promise.resolve('second'))
  await expect(shares.run('flood', () => Promise.resolve('third'))).rejects.toMatchObject({
    code: 'try_later',
  })
  expect(await shares.run('neighbour', () => Promise.resolve('at once'))).toBe('at once')
  first.resolve('first')
  expect(await Promise.all([running, waiting])).toEqual(['first', 'second'])
  expect(await shares.run('flood', () => Promise.resolve('again'))).toBe('again')
})

test('a call that fails hands its turn over', async () => {
  const shares = new FairShare({ atOnce: 1, waiting: 1 })
  const failing = shares.run('flood', () => Promise.reject(new Error('no')))
  const next = shares.run('flood', () => Promise.resolve('next'))
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('next')
})
