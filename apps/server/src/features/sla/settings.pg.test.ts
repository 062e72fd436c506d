import { type SlaSettings } from '@parley/contracts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { codeOf } from '../../testing/conversations.ts'
import { clocksOf, recompute, recomputed, violationsOf } from '../../testing/service-levels.ts'
import {
  eventually,
  startTestServer,
  type TestClient,
  type TestServer,
} from '../../testing/test-server.ts'
import { newTeam, queueUp } from '../../testing/workstations.ts'

/** What a team promises and when it works, as its lead changes it. */

let server: TestServer
let teamId: string
let lead: TestClient

const NOTHING: SlaSettings = {
  policies: { urgent: null, high: null, normal: null, low: null },
  warningPercent: 80,
  pausesOnCustomer: true,
  warnLeads: 'unattended',
}
const HOUR = { firstResponseSeconds: 3600, resolutionSeconds: 14_400, escalationSeconds: null }

beforeAll(async () => {
  server = await startTestServer()
  teamId = await newTeam(server, 'settings', { mode: 'pull' })
  lead = await server.signIn(await server.addPerson({ role: 'team_lead', teamIds: [teamId] }))
})
afterAll(async () => {
  lead.close()
  await server.stop()
})

async function save(change: Partial<SlaSettings>): Promise<number> {
  const { version } = await lead.trpc.sla.settings.query({ teamId })
  const saved = await lead.trpc.sla.saveSettings.mutate({
    teamId,
    settings: { ...NOTHING, ...change },
    basedOn: version,
  })
  await recomputed(server)
  return saved.version
}

describe('what is promised', () => {
  test('is saved as a whole, read back, and computed for what is open already', async () => {
    const ids = await queueUp(server, teamId, 450)
    const settings = {
      ...NOTHING,
      policies: { ...NOTHING.policies, normal: HOUR },
      warningPercent: 70,
    }
    await save(settings)
    expect((await lead.trpc.sla.settings.query({ teamId })).settings).toEqual(settings)
    for (const id of [ids[0], ids[449]] as [string, string]) {
      expect((await clocksOf(server, id)).first_response).toMatchObject({ target_seconds: 3600 })
    }
    const { rows } = await server.database.pool.query<{ count: number }>(
      `SELECT COUNT(DISTINCT conversation_id)::int AS count FROM sla_timers WHERE conversation_id = ANY($1)`,
      [ids],
    )
    expect(rows).toEqual([{ count: 450 }])

    await save(NOTHING)
    expect(await clocksOf(server, ids[0] as string)).toEqual({})
  })

  test('shows its effect before it is saved, and has that effect', async () => {
    await save({ policies: { ...NOTHING.policies, normal: HOUR } })
    const [old, young] = (await queueUp(server, teamId, 2)) as [string, string]
    await server.database.pool.query(
      `UPDATE conversations SET first_message_at = NOW() - INTERVAL '30 minutes' WHERE id = $1`,
      [old],
    )
    await recompute(server, teamId)
    const settings = {
      ...NOTHING,
      policies: { ...NOTHING.policies, normal: { ...HOUR, firstResponseSeconds: 1200 } },
    }
    const effect = await lead.trpc.sla.previewSettings.query({ teamId, settings })
    expect(effect.overdue.after).toBe(effect.overdue.before + 1)
    expect(effect.later).toBe(0)
    expect(effect.earlier).toBe(effect.conversations)
    expect(effect.examples[0]).toMatchObject({ conversationId: old, clock: 'first_response' })
    // A preview changes nothing.
    expect((await clocksOf(server, young)).first_response).toMatchObject({ target_seconds: 3600 })

    await save(settings)
    await eventually(async () => expect(await violationsOf(server, [old])).toHaveLength(1))
    expect(await violationsOf(server, [young])).toEqual([])
    const dueAfter = effect.examples[0]?.dueAfter
    expect((await clocksOf(server, old)).first_response?.due_at?.toISOString()).toBe(dueAfter)
  })

  test('is not overwritten by who has not seen the newest, and only by who may', async () => {
    const version = await save(NOTHING)
    const change = { teamId, settings: NOTHING, basedOn: version - 1 }
    expect(await codeOf(lead.trpc.sla.saveSettings.mutate(change))).toBe('conflict')
    const agent = await server.signIn(await server.addPerson({ role: 'agent', teamIds: [teamId] }))
    expect(await codeOf(agent.trpc.sla.saveSettings.mutate({ ...change, basedOn: version }))).toBe(
      'forbidden',
    )
    expect((await agent.trpc.sla.settings.query({ teamId })).version).toBe(version)
    agent.close()
    const elsewhere = { ...change, teamId: server.teams.sales, basedOn: 1 }
    expect(await codeOf(lead.trpc.sla.saveSettings.mutate(elsewhere))).toBe('forbidden')
    const absurd = {
      ...change,
      basedOn: version,
      settings: {
        ...NOTHING,
        policies: { ...NOTHING.policies, low: { ...HOUR, resolutionSeconds: 0 } },
      },
    }
    expect(await codeOf(lead.trpc.sla.saveSettings.mutate(absurd))).toBe('invalid_input')
  })
})

describe('business hours', () => {
  const NEVER_NOW = {
    timeZone: 'America/Mexico_City',
    windows: [{ dayOfWeek: 0, opensAt: '09:00', closesAt: '18:00' }],
    holidays: [{ date: '2031-05-01', name: 'Día del Trabajo' }],
  }

  test('are saved as a whole, and move what is due', async () => {
    await save({
      policies: { ...NOTHING.policies, normal: { ...HOUR, firstResponseSeconds: 7 * 86_400 } },
    })
    const [id] = (await queueUp(server, teamId, 1)) as [string]
    await recompute(server, teamId)
    const before = (await clocksOf(server, id)).first_response?.due_at?.getTime() ?? 0

    const present = await lead.trpc.businessHours.get.query({ teamId })
    expect(present.settings).toMatchObject({ windows: [], holidays: [] })
    const effect = await lead.trpc.businessHours.preview.query({ teamId, settings: NEVER_NOW })
    expect(effect.later).toBeGreaterThan(0)
    await lead.trpc.businessHours.save.mutate({
      teamId,
      settings: NEVER_NOW,
      basedOn: present.version,
    })
    await recomputed(server)
    expect((await lead.trpc.businessHours.get.query({ teamId })).settings).toEqual(NEVER_NOW)
    // A week of business time is more than eighteen Mondays.
    const after = (await clocksOf(server, id)).first_response?.due_at?.getTime() ?? 0
    expect(after - before).toBeGreaterThan(17 * 7 * 86_400_000)
  })

  test('with a mistake are refused with the rows that are wrong, and change nothing', async () => {
    const { version, settings } = await lead.trpc.businessHours.get.query({ teamId })
    const wrong = {
      ...NEVER_NOW,
      windows: [...NEVER_NOW.windows, { dayOfWeek: 0, opensAt: '17:00', closesAt: '19:00' }],
    }
    const attempt = lead.trpc.businessHours.save.mutate({
      teamId,
      settings: wrong,
      basedOn: version,
    })
    const failure = await attempt.catch((error: unknown) => error)
    expect(failure).toMatchObject({
      data: {
        app: {
          code: 'invalid_input',
          details: { problems: [{ reason: 'overlaps', window: 1, otherWindow: 0 }] },
        },
      },
    })
    expect(await lead.trpc.businessHours.get.query({ teamId })).toMatchObject({ version, settings })
    const stale = { teamId, settings: NEVER_NOW, basedOn: version - 1 }
    expect(await codeOf(lead.trpc.businessHours.save.mutate(stale))).toBe('conflict')
  })
})
