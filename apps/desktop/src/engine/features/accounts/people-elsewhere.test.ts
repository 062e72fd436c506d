import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { type EngineCore } from '../../feature.ts'
import { openCache, put } from '../../testing/open-cache.ts'
import { person, presence } from '../../testing/rows.ts'
import { readDirectory } from './directory.ts'
import { lookAt } from './people-elsewhere.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => vi.useRealTimers())

function open(role: 'agent' | 'supervisor' = 'agent') {
  const { cache, apply } = openCache({ role, teamIds: role === 'agent' ? ['sales'] : [] })
  apply(
    put('person', person({ id: 'ana', teamIds: ['sales'] })),
    put('presence', presence('ana')),
    put('person', person({ id: 'leo', teamIds: ['billing'] })),
  )
  const asked: string[][] = []
  const server = {
    accounts: {
      presence: {
        query: async ({ userIds }: { userIds: string[] }) => {
          asked.push(userIds)
          return userIds.map((id) => presence(id))
        },
      },
    },
  }
  const engine = {
    cache,
    isOnline: true,
    ask: (request: (trpc: unknown) => Promise<unknown>) => request(server),
    changed: () => {},
  } as unknown as EngineCore
  const statusOf = (id: string) =>
    readDirectory(cache).people.find((one) => one.id === id)?.presence.status
  return { cache, asked, statusOf, look: () => lookAt(engine, ['ana', 'leo', 'me']) }
}

test('whether people of other teams are there is asked for when they are shown, and old after a minute', async () => {
  const { cache, asked, statusOf, look } = open()
  expect([statusOf('ana'), statusOf('leo')]).toEqual(['online', 'offline'])
  await look()
  await look()
  expect(asked).toEqual([['leo']])
  expect(statusOf('leo')).toBe('online')
  // It is in nobody’s cache, where it would stay.
  expect(cache.store.all('SELECT id FROM presences')).toEqual([{ id: 'ana' }])
  vi.advanceTimersByTime(30_000)
  await look()
  expect(asked).toHaveLength(2)
  vi.advanceTimersByTime(60_001)
  expect(statusOf('leo')).toBe('offline')
})

test('who watches all queues hears of everybody, and asks for nobody', async () => {
  const { asked, look } = open('supervisor')
  await look()
  expect(asked).toEqual([])
})
