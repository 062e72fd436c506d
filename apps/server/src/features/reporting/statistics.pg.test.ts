import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import {
  createBareServices,
  type BareConversation,
  type BareServices,
} from '../../testing/bare-services.ts'
import { statisticsJobs, writeStats } from './index.ts'

const ZONE = 'America/Mexico_City'
/** There it is six hours behind UTC, so the day lasts from 06:00 to 06:00 UTC. */
const DAY = '2026-03-10'
const BEGIN = '2026-03-10T06:00:00Z'

let services: BareServices
let ana: string
let bea: string
let sales: string
let support: string

/** So many seconds after the day's beginning. */
const at = (seconds: number): string => new Date(Date.parse(BEGIN) + seconds * 1000).toISOString()
const DAY_SECONDS = 86_400

beforeAll(async () => {
  services = await createBareServices()
  sales = await services.addTeam()
  support = await services.addTeam()
  ana = await services.addPerson('agent', 'online', [sales])
  bea = await services.addPerson('agent', 'online', [sales, support])
  await services.addPerson('agent', 'online', [support])
})
afterAll(() => services.database.drop())

const write = (
  of: BareConversation,
  by: string | null,
  seconds: number,
  rest: { status?: string; discardedAt?: string } = {},
) =>
  services.rows(
    `INSERT INTO messages (conversation_id, direction, sender_type, sender_id, sent_at, status, discarded_at)
     VALUES ($1, 'outbound', 'agent', $2, $3, $4, $5)`,
    [of.id, by, at(seconds), rest.status ?? 'read', rest.discardedAt ?? null],
  )

const conversation = (
  teamId: string,
  times: {
    first: number
    responded?: number
    closed?: number
    closedBy?: string
    created?: number
  },
) =>
  services.addConversation({
    team_id: teamId,
    status: times.closed === undefined ? 'triage' : 'closed',
    created_at: at(times.created ?? times.first),
    first_message_at: at(times.first),
    first_response_at: times.responded === undefined ? null : at(times.responded),
    closed_at: times.closed === undefined ? null : at(times.closed),
    closed_by: times.closedBy ?? null,
    close_reason: times.closed === undefined ? null : 'solved',
  })

const agents = () =>
  services.rows(
    `SELECT user_id, date::text, conversations_handled AS handled, messages_sent AS sent,
            avg_frt_seconds AS frt, avg_resolution_seconds AS resolution
     FROM agent_stats ORDER BY date, conversations_handled DESC, messages_sent DESC`,
  )
const teams = () =>
  services.rows(
    `SELECT team_id, date::text, conversations_created AS created, conversations_closed AS closed,
            avg_frt_seconds AS frt, avg_resolution_seconds AS resolution
     FROM team_stats ORDER BY date, conversations_created DESC`,
  )

describe('a day’s statistics', () => {
  beforeAll(async () => {
    // Ana answers after 100 s and closes after 1000 s.
    const first = await conversation(sales, {
      first: 0,
      responded: 100,
      closed: 1000,
      closedBy: ana,
    })
    await write(first, ana, 100)
    await write(first, ana, 500)
    await write(first, ana, 600, { status: 'failed' })
    await write(first, ana, 700, { discardedAt: at(800) })
    // Ana answers after 201 s, Bea goes on and closes after 2001 s.
    const second = await conversation(sales, {
      first: 1000,
      responded: 1201,
      closed: 3001,
      closedBy: bea,
    })
    await write(second, ana, 1201)
    await write(second, bea, 1300)
    // Somebody answers from the business's own phone: nobody's first response, though Bea writes later.
    const third = await conversation(support, { first: 5000, responded: 5050 })
    await write(third, null, 5050)
    await write(third, bea, 6000)
    // In its last second: from the day before until the day after.
    const overnight = await conversation(support, {
      first: -60,
      created: -60,
      responded: DAY_SECONDS - 1,
      closed: DAY_SECONDS,
      closedBy: bea,
    })
    // Accepted first, so it is the first response; Ana's earlier one came late.
    await write(overnight, bea, DAY_SECONDS - 1)
    await write(overnight, ana, DAY_SECONDS)
    await write(overnight, ana, -1)
  })

  const ANA = () => ({
    user_id: ana,
    date: DAY,
    handled: 2,
    sent: 3,
    // (100 + 201) / 2, rounded.
    frt: 151,
    resolution: 1000,
  })
  const BEA = () => ({ user_id: bea, date: DAY, handled: 3, sent: 3, resolution: 2001 })

  test('are what they are by hand, from midnight to midnight in the time zone', async () => {
    await writeStats(services.db, DAY, ZONE)
    const overnightFrt = DAY_SECONDS - 1 + 60
    expect(await agents()).toEqual([{ ...BEA(), frt: overnightFrt }, ANA()])
    expect(await teams()).toEqual([
      {
        team_id: sales,
        date: DAY,
        created: 2,
        closed: 2,
        frt: 151,
        // (1000 + 2001) / 2, rounded.
        resolution: 1501,
      },
      {
        team_id: support,
        date: DAY,
        created: 1,
        closed: 0,
        frt: Math.round((50 + overnightFrt) / 2),
        resolution: null,
      },
    ])
  })

  test('written again, also by several at once, are the same', async () => {
    const before = [await agents(), await teams()]
    await writeStats(services.db, DAY, ZONE)
    await Promise.all([1, 2, 3].map(() => writeStats(services.db, DAY, ZONE)))
    expect([await agents(), await teams()]).toEqual(before)
  })

  test('of the neighbouring days have what lies beyond the boundary', async () => {
    await writeStats(services.db, '2026-03-09', ZONE)
    await writeStats(services.db, '2026-03-11', ZONE)
    expect((await agents()).filter(({ date }) => date !== DAY)).toEqual([
      { user_id: ana, date: '2026-03-09', handled: 1, sent: 1, frt: null, resolution: null },
      { user_id: ana, date: '2026-03-11', handled: 1, sent: 1, frt: null, resolution: null },
      {
        user_id: bea,
        date: '2026-03-11',
        handled: 1,
        sent: 0,
        frt: null,
        resolution: DAY_SECONDS + 60,
      },
    ])
    expect((await teams()).filter(({ date }) => date !== DAY)).toEqual([
      {
        team_id: support,
        date: '2026-03-09',
        created: 1,
        closed: 0,
        frt: null,
        resolution: null,
      },
      {
        team_id: support,
        date: '2026-03-11',
        created: 0,
        closed: 1,
        frt: null,
        resolution: DAY_SECONDS + 60,
      },
    ])
  })

  test('in another time zone are of another day', async () => {
    await writeStats(services.db, '2026-03-10', 'Asia/Tokyo')
    // There it lasts from 15:00 to 15:00 UTC.
    expect((await agents()).filter(({ date }) => date === DAY)).toEqual([
      { ...ANA(), handled: 3, sent: 4 },
      { ...BEA(), handled: 2, sent: 2, frt: null },
    ])
    await writeStats(services.db, DAY, ZONE)
  })

  test('never fall below zero, though a sender’s clock was ahead of ours', async () => {
    const ahead = '2026-05-05'
    const question = Date.parse(`${ahead}T18:00:20Z`)
    const iso = (seconds: number) => new Date(question + seconds * 1000).toISOString()
    const { id } = await services.addConversation({
      team_id: sales,
      status: 'closed',
      created_at: iso(-20),
      first_message_at: iso(0),
      first_response_at: iso(-10),
      closed_at: iso(-5),
      closed_by: ana,
      close_reason: 'solved',
    })
    await services.rows(
      `INSERT INTO messages (conversation_id, direction, sender_type, sender_id, sent_at, status)
       VALUES ($1, 'outbound', 'agent', $2, $3, 'read')`,
      [id, ana, iso(-10)],
    )
    await writeStats(services.db, ahead, ZONE)
    const figures = [...(await agents()), ...(await teams())].filter(({ date }) => date === ahead)
    expect(figures.map(({ frt, resolution }) => [frt, resolution])).toEqual([
      [0, 0],
      [0, 0],
    ])
    await services.rows('DELETE FROM conversations WHERE id = $1', [id])
    await writeStats(services.db, ahead, ZONE)
  })

  test('lose who has nothing of that day any more', async () => {
    await services.rows('UPDATE messages SET sender_id = $1 WHERE sender_id = $2', [bea, ana])
    await services.rows('UPDATE conversations SET closed_by = $1 WHERE closed_by = $2', [bea, ana])
    await services.rows('UPDATE conversations SET team_id = $1', [sales])
    await writeStats(services.db, DAY, ZONE)
    expect((await agents()).filter(({ date }) => date === DAY)).toEqual([
      expect.objectContaining({ user_id: bea, handled: 4, sent: 6 }),
    ])
    expect((await teams()).filter(({ date }) => date === DAY)).toEqual([
      expect.objectContaining({ team_id: sales, created: 3, closed: 2 }),
    ])
  })
})

describe('the jobs', () => {
  const run = (name: string): Promise<void> | undefined =>
    statisticsJobs(ZONE)
      .find((job) => job.name === name)
      ?.run(services)

  const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString()
  const daysWritten = async (): Promise<number> => {
    const [row] = await services.rows<{ days: number }>(
      `SELECT COUNT(DISTINCT date)::int AS days FROM team_stats WHERE date > NOW() - INTERVAL '20 days'`,
    )
    return row?.days ?? 0
  }

  test('write today and yesterday, and at night the last seven days', async () => {
    // From tomorrow on, should midnight pass meanwhile.
    for (let day = -1; day < 10; day++) {
      await services.addConversation({ team_id: sales, created_at: ago(24 * day) })
    }
    await run('write-stats')
    expect(await daysWritten()).toBe(2)
    await run('write-stats-of-last-week')
    expect(await daysWritten()).toBe(7)
  })

  test('count each active team’s queue once a minute', async () => {
    const idle = await services.addTeam()
    await services.rows('UPDATE teams SET is_active = FALSE WHERE id = $1', [support])
    for (let index = 0; index < 3; index++) {
      await services.addConversation({ team_id: sales, status: 'queued', queued_at: ago(1) })
    }
    await Promise.all([run('sample-queues'), run('sample-queues')])
    const newest = (teamId: string) =>
      services.rows(
        `SELECT queued, EXTRACT(SECOND FROM sampled_at)::int AS second FROM queue_samples
         WHERE team_id = $1 ORDER BY sampled_at LIMIT 1`,
        [teamId],
      )
    expect(await newest(sales)).toEqual([{ queued: 3, second: 0 }])
    expect(await newest(idle)).toEqual([{ queued: 0, second: 0 }])
    expect(await newest(support)).toEqual([])
  })
})

describe('the command', () => {
  const command = fileURLToPath(new URL('../../cli/write-stats.ts', import.meta.url))
  const call = (...args: string[]) =>
    promisify(execFile)(process.execPath, [command, ...args], {
      env: {
        ...process.env,
        DATABASE_URL: services.database.connectionString,
        REPORTING_TIME_ZONE: ZONE,
      },
    })

  test('writes the days given, both included', async () => {
    await services.rows('DELETE FROM team_stats')
    const { stdout } = await call('--from', '2026-03-09', '--to', '2026-03-11')
    expect(stdout.trim().split('\n')).toEqual(['2026-03-09', '2026-03-10', '2026-03-11'])
    expect((await teams()).map(({ date }) => date)).toEqual([
      '2026-03-09',
      '2026-03-10',
      '2026-03-11',
    ])
  })

  test('says how it is used', async () => {
    expect((await call('--help')).stdout).toContain('--from')
    for (const wrong of [
      [],
      ['--from', 'yesterday'],
      ['--from', '2026-03-11', '--to', '2026-03-10'],
    ]) {
      await expect(call(...wrong)).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining('Usage') as string,
      })
    }
  })
})
