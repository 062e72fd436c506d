import { type FeedItem } from '@parley/contracts'
import { describe, expect, test } from 'vitest'

import { type Notice } from '../../notices.ts'
import { cursor, loadAfresh, openCache, put } from '../../testing/open-cache.ts'
import { person, problem } from '../../testing/rows.ts'
import { listProblems } from './index.ts'
import { tellProblems } from './tell-problems.ts'

const AT = '2026-11-20T10:05:00.000Z'

function open(role: 'admin' | 'supervisor' = 'admin') {
  const { cache, apply } = openCache({ role, teamIds: [] })
  const notices: Notice[] = []
  const start = () => tellProblems({ cache, notice: (notice) => notices.push(notice) })
  let teller = start()
  const said = () =>
    notices
      .splice(0)
      .map((notice) =>
        notice.kind === 'problems'
          ? `tells ${notice.problems.map(({ problemId }) => problemId).join(' ')}`
          : `over ${notice.kind === 'problem_over' ? notice.problemId : notice.kind}`,
      )
  return {
    cache,
    notices,
    said,
    receive: (...items: FeedItem[]) => teller.applied?.(apply(...items)),
    live: () => teller.live?.(),
    restart: () => (teller = start()),
  }
}

describe('a problem', () => {
  test('is told once on this device, however often it changes, and after a restart', () => {
    const { receive, restart, live, said } = open()
    const row = problem()
    receive(put('problem', row))
    expect(said()).toEqual([`tells ${row.id}`])
    receive(put('problem', { ...row, version: 2, lastAt: AT }))
    restart()
    live()
    expect(said()).toEqual([])
  })

  test('that came with a fresh load is told when all of it is there', () => {
    const { cache, live, said } = open()
    const rows = [problem(), problem()]
    loadAfresh(cache, cursor(1), ...rows.map((row) => put('problem', row)))
    live()
    expect(said()).toHaveLength(1)
    live()
    expect(said()).toEqual([])
  })

  test('is over when it ended, when somebody acknowledged it, and when it is not there any more', () => {
    const { cache, receive, live, said } = open()
    const rows = [problem(), problem(), problem()] as const
    receive(...rows.map((row) => put('problem', row)))
    said()
    receive(put('problem', { ...rows[0], version: 2, endedAt: AT }))
    receive(put('problem', { ...rows[1], version: 2, acknowledgedAt: AT, acknowledgedBy: 'ana' }))
    expect(said()).toEqual([`over ${rows[0].id}`, `over ${rows[1].id}`])
    expect(listProblems(cache).map(({ id }) => id)).toEqual([rows[2].id, rows[1].id])
    // It ended while this device was away.
    loadAfresh(cache, cursor(2))
    live()
    expect(said()).toEqual([`over ${rows[2].id}`])
    expect(listProblems(cache)).toEqual([])
  })

  test('that ended does not stand again by what comes late', () => {
    const { cache, receive, said } = open()
    const row = problem()
    receive(put('problem', { ...row, version: 3, endedAt: AT }))
    receive(put('problem', { ...row, version: 2 }))
    expect([listProblems(cache), said()]).toEqual([[], []])
  })

  test('that somebody acknowledged before this device heard of it is not told, and says who', () => {
    const { cache, receive, said } = open()
    receive(
      put('person', person({ id: 'ana', fullName: 'Ana Ríos' })),
      put('problem', problem({ acknowledgedAt: AT, acknowledgedBy: 'ana' })),
    )
    expect(said()).toEqual([])
    expect(listProblems(cache)).toMatchObject([{ acknowledged: { at: AT, byName: 'Ana Ríos' } }])
  })

  test('is an administrator’s alone: it goes with the role, and nobody else keeps one', () => {
    const { cache, receive, said } = open()
    const row = problem()
    receive(put('problem', row))
    said()
    receive({ op: 'access', role: 'supervisor', teamIds: [] })
    expect([listProblems(cache), said()]).toEqual([[], [`over ${row.id}`]])
    receive(put('problem', { ...row, version: 2 }))
    expect([listProblems(cache), said()]).toEqual([[], []])
  })

  test('of a kind that only a newer workstation knows, or says otherwise, is still shown', () => {
    const { cache, receive, notices } = open()
    receive(
      put('problem', problem({ kind: 'moon_is_missing', details: { phase: 'full' } })),
      put('problem', problem({ kind: 'quarantine', details: { updates: 'several' } })),
      put('problem', problem({ kind: 'toString' })),
    )
    expect(listProblems(cache).map(({ kind }) => kind)).toEqual(['other', 'other', 'other'])
    expect(JSON.stringify(notices)).not.toMatch(/moon|several/)
  })
})
