import { expect, test } from 'vitest'

import { openCache, put } from '../../testing/open-cache.ts'
import { conversation, message } from '../../testing/rows.ts'
import { haveLoadsChanged, readLoads } from './directory.ts'

test('loads are others when somebody gets, gives back or ends a conversation, and not with each message', () => {
  const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
  const row = conversation({ status: 'queued', assignedTo: null })
  const becomes = (changes: Partial<typeof row>): boolean => {
    Object.assign(row, changes, { version: row.version + 1 })
    apply(put('conversation', { ...row }))
    return haveLoadsChanged(cache)
  }
  haveLoadsChanged(cache)
  expect(becomes({})).toBe(true)
  expect(becomes({ lastMessageAt: '2026-11-20T18:00:00.000Z' })).toBe(false)
  apply(put('message', message(row.id)))
  expect(haveLoadsChanged(cache)).toBe(false)
  expect(becomes({ status: 'assigned', assignedTo: 'ana' })).toBe(true)
  expect(readLoads(cache)).toEqual(new Map([['ana', 1]]))
  expect(becomes({ assignedTo: 'beto' })).toBe(true)
  expect(becomes({ status: 'closed' })).toBe(true)
  apply({ op: 'remove', kind: 'conversation', id: row.id })
  expect(haveLoadsChanged(cache)).toBe(true)
})
