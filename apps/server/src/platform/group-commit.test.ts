import { expect, test } from 'vitest'

import { GroupCommit } from './group-commit.ts'
import { Overdue } from './overdue.ts'

test('a lone item goes at once; what arrives meanwhile shares the next write, in order', async () => {
  const batches: number[][] = []
  const commits = new GroupCommit<number, string>(async (items) => {
    batches.push(items)
    await new Promise((resolve) => setTimeout(resolve, 5))
    return items.map((item) => `written ${item}`)
  }, 3)
  const results = await Promise.all([1, 2, 3, 4, 5].map((item) => commits.add(item)))
  expect(batches).toEqual([[1], [2, 3, 4], [5]])
  expect(results).toEqual([1, 2, 3, 4, 5].map((item) => `written ${item}`))
})

test('a failing write fails its own items and no others', async () => {
  const commits = new GroupCommit<number, number>(async (items) => {
    await new Promise((resolve) => setTimeout(resolve, 1))
    if (items.includes(1)) throw new Error('no')
    return items
  }, 10)
  const outcomes = await Promise.allSettled([commits.add(1), commits.add(2), commits.add(3)])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
  expect(await commits.add(4)).toBe(4)
})

test('what may gather is written together, and waited for when asked', async () => {
  const batches: number[][] = []
  const commits = new GroupCommit<number, null>(
    async (items) => {
      batches.push(items)
      return items.map(() => null)
    },
    10,
    5,
  )
  for (const item of [1, 2, 3]) void commits.add(item)
  await commits.settled()
  expect(batches).toEqual([[1, 2, 3]])
})

test('a write that hangs fails its own items in time and holds up no later ones', async () => {
  const limitMs = 20
  const commits = new GroupCommit<string, string>(
    (items) => (items.includes('hangs') ? new Promise(() => {}) : Promise.resolve(items)),
    10,
    0,
    limitMs,
  )
  const hanging = commits.add('hangs')
  const later = commits.add('later')
  await expect(hanging).rejects.toThrow(Overdue)
  expect(await later).toBe('later')
  await commits.settled()
})
