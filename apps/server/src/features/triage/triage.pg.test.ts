import { routingDecision, type RoutingDecision } from '@parley/contracts'
import { type TriageCondition, type TriageRule } from '@parley/domain'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import { codeOf, conversationOf, newCustomer, write } from '../../testing/conversations.ts'
import {
  startTestServer,
  type TestClient,
  type TestPerson,
  type TestServer,
} from '../../testing/test-server.ts'

let server: TestServer
let supervisor: TestPerson
let asSupervisor: TestClient

beforeAll(async () => {
  server = await startTestServer()
  supervisor = await server.addPerson({ role: 'supervisor', teamIds: [] })
  asSupervisor = await server.signIn(supervisor)
})
afterAll(async () => {
  asSupervisor.close()
  await server.stop()
})
afterEach(async () => {
  await save([])
})

const api = () => asSupervisor.trpc.triage

/** Saves whatever stands now. */
async function save(rules: TriageRule[], note = ''): Promise<number> {
  const { ruleSet } = await api().getRules.query({ version: null })
  const saved = await api().saveRules.mutate({
    basedOn: ruleSet.version,
    note,
    content: { kind: 'rules', rules },
  })
  return saved.version
}

function rule(
  name: string,
  condition: TriageCondition,
  result: Partial<TriageRule['result']>,
  afterwards: TriageRule['afterwards'] = 'continue',
): TriageRule {
  return {
    name,
    enabled: true,
    conditions: { all: [condition], any: [] },
    result: { teamId: null, priority: null, skills: {}, ...result },
    afterwards,
  }
}
const says = (...words: string[]): TriageCondition => ({ kind: 'text_contains', words })

async function decisionOf(conversationId: string): Promise<RoutingDecision> {
  const { rows } = await server.database.pool.query(
    `SELECT metadata FROM conversation_events
     WHERE conversation_id = $1 AND event_type = 'triage.completed'`,
    [conversationId],
  )
  expect(rows).toHaveLength(1)
  return routingDecision.parse(rows[0].metadata.routing_decision)
}

/** What becomes of a customer's first words. */
async function decisionFor(text: string, customer = newCustomer()): Promise<RoutingDecision> {
  const conversation = await conversationOf(server, await write(server, customer, text))
  const decision = await decisionOf(conversation.id)
  expect(conversation.team_id).toBe(decision.teamId)
  return decision
}

/** How many rows there are of everything that triage could write. */
async function everything(): Promise<unknown> {
  const { rows } = await server.database.pool.query(`
    SELECT (SELECT COUNT(*) FROM conversations) AS conversations,
           (SELECT SUM(version) FROM conversations) AS conversation_versions,
           (SELECT COUNT(*) FROM conversation_events) AS events,
           (SELECT COUNT(*) FROM changes) AS changes,
           (SELECT COUNT(*) FROM integration_logs) AS logs,
           (SELECT COUNT(*) FROM triage_rule_sets) AS rule_sets,
           (SELECT version FROM triage_settings) AS settings`)
  return rows[0]
}

describe('rules', () => {
  test('decide before everything else, and the record says which and by what', async () => {
    const version = await save([
      rule('Facturación', says('factura', 'CFDI'), {
        teamId: server.teams.sales,
        priority: 'high',
        skills: { billing: 2 },
      }),
    ])
    const decision = await decisionFor('Hola, necesito mi FACTURA por favor')
    expect(decision).toMatchObject({
      teamId: server.teams.sales,
      priority: 'high',
      requiredSkills: { billing: 2 },
      language: 'es',
      decidedBy: 'rules',
      saw: { channel: 'whatsapp', isReturningCustomer: false, characters: 35 },
    })
    expect(decision.saw.messageIds).toHaveLength(1)
    expect(decision.steps[0]).toEqual({
      step: 'rules',
      outcome: 'decided',
      version,
      matched: [{ name: 'Facturación', words: ['factura'], customerFields: [], stopped: false }],
    })
  })

  test('know the customer: their fields, and whether they have been here before', async () => {
    const customer = newCustomer('Don Aurelio')
    const first = await conversationOf(server, await write(server, customer, 'hola'))
    await server.database.pool.query(
      `UPDATE conversations SET status = 'closed', closed_at = NOW() - INTERVAL '30 days' WHERE id = $1`,
      [first.id],
    )
    await server.database.pool.query(
      `UPDATE customers SET metadata = '{"segment": "Oro"}' WHERE name = 'Don Aurelio'`,
    )
    await save([
      rule('known', { kind: 'customer_is', customer: 'returning' }, { priority: 'high' }),
      rule(
        'gold',
        { kind: 'customer_metadata', key: 'segment', test: { is: 'equals', value: 'oro' } },
        { teamId: server.teams.support },
      ),
    ])
    const decision = await decisionFor('hola otra vez', customer)
    expect(decision).toMatchObject({
      teamId: server.teams.support,
      priority: 'high',
      saw: { isReturningCustomer: true },
    })
    expect(decision.steps[0]).toMatchObject({
      matched: [
        { name: 'known', customerFields: [] },
        { name: 'gold', customerFields: ['segment'] },
      ],
    })
    expect(JSON.stringify(decision)).not.toMatch(/oro|aurelio/i)
    expect(await decisionFor('hola')).toMatchObject({ decidedBy: 'fallback' })
  })

  test('know whether a team is open', async () => {
    const { pool } = server.database
    const closed = { kind: 'business_hours', teamId: server.teams.sales, state: 'closed' } as const
    await save([rule('night', closed, { teamId: server.teams.support }, 'stop')])
    // Without hours a team is open always.
    expect(await decisionFor('quiero comprar')).toMatchObject({
      teamId: server.teams.sales,
      saw: { teamsOpen: { [server.teams.sales]: true } },
    })
    await pool.query(
      `INSERT INTO business_hours (team_id, day_of_week, open_time, close_time, timezone)
       SELECT $1, day, '00:00', '24:00', 'America/Mexico_City' FROM generate_series(0, 6) day`,
      [server.teams.sales],
    )
    expect(await decisionFor('quiero comprar')).toMatchObject({ teamId: server.teams.sales })
    await pool.query(
      `INSERT INTO team_holidays (team_id, date, name)
       SELECT $1, (NOW() AT TIME ZONE 'America/Mexico_City')::date + offset_days, 'Fiesta'
       FROM generate_series(0, 1) offset_days`,
      [server.teams.sales],
    )
    expect(await decisionFor('quiero comprar')).toMatchObject({
      teamId: server.teams.support,
      decidedBy: 'rules',
      saw: { teamsOpen: { [server.teams.sales]: false } },
    })
    await pool.query('DELETE FROM business_hours')
    await pool.query('DELETE FROM team_holidays')
  })

  test('whose team was switched off leave the choice to the next step', async () => {
    const { rows } = await server.database.pool.query<{ id: string }>(
      `INSERT INTO teams (name, slug) VALUES ('Gone', 'gone') RETURNING id`,
    )
    const teamId = (rows[0] as { id: string }).id
    await save([rule('to them', says('comprar'), { teamId })])
    await server.database.pool.query('UPDATE teams SET is_active = FALSE WHERE id = $1', [teamId])
    expect(await decisionFor('quiero comprar')).toMatchObject({
      teamId: server.teams.sales,
      decidedBy: 'built_in',
    })
  })
})

describe('saving rules', () => {
  const some = (name: string) => [rule(name, says('x'), { priority: 'high' })]

  test('makes a version; older ones can be read and brought back', async () => {
    const older = await save(some('older'), 'first try')
    const newer = await save(some('newer'))
    expect(await api().getRules.query({ version: older })).toMatchObject({
      ruleSet: { version: older, note: 'first try', createdBy: supervisor.id, ruleCount: 1 },
      rules: some('older'),
    })
    const { version } = await api().saveRules.mutate({
      basedOn: newer,
      note: 'back',
      content: { kind: 'restore', version: older },
    })
    const now = await api().getRules.query({ version: null })
    expect(now).toMatchObject({
      ruleSet: { version: newer + 1, restoredFrom: older, note: 'back' },
      rules: some('older'),
    })
    expect(version).toBe(newer + 1)
    const { versions } = await api().ruleVersions.query({ before: null })
    expect(versions.slice(0, 3).map((set) => set.version)).toEqual([newer + 1, newer, older])
    const earlier = await api().ruleVersions.query({ before: newer })
    expect(earlier.versions[0]?.version).toBe(older)
    expect(await codeOf(api().getRules.query({ version: 999 }))).toBe('not_found')
  })

  test('that somebody else saved meanwhile is a conflict, and theirs stands', async () => {
    const basedOn = await save(some('base'))
    const attempts = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) =>
        codeOf(
          api().saveRules.mutate({
            basedOn,
            note: '',
            content: { kind: 'rules', rules: some(name) },
          }),
        ),
      ),
    )
    expect(attempts.toSorted()).toEqual(['conflict', 'conflict', 'conflict', 'no failure'])
    const now = await api().getRules.query({ version: null })
    expect(now.ruleSet.version).toBe(basedOn + 1)
    expect(['a', 'b', 'c', 'd'][attempts.indexOf('no failure')]).toBe(now.rules[0]?.name)
  })

  test('that mean nothing is refused, with the rule and the field', async () => {
    const { ruleSet } = await api().getRules.query({ version: null })
    const attempt = api().saveRules.mutate({
      basedOn: ruleSet.version,
      note: '',
      content: {
        kind: 'rules',
        rules: [
          rule('fine', says('x'), { priority: 'high' }),
          rule('odd', says('x'), { teamId: supervisor.id, skills: { english: 9 } }),
        ],
      },
    })
    const error = await attempt.then(
      () => null,
      (failure: { data: { app: { code: string; details: Record<string, unknown> } } }) =>
        failure.data.app,
    )
    expect(error).toMatchObject({
      code: 'invalid_input',
      details: {
        rule: 'odd',
        field: 'rules.1.result.teamId',
        problem: 'unknown_team',
        problems: [
          { rule: 'odd', field: 'result.teamId', problem: 'unknown_team' },
          { rule: 'odd', field: 'result.skills.english', problem: 'bad_skill_level' },
        ],
      },
    })
    expect((await api().getRules.query({ version: null })).ruleSet).toEqual(ruleSet)
  })
})

describe('settings', () => {
  test('say which steps are on, in which order, and who gets the rest', async () => {
    const { settings } = await api().getRules.query({ version: null })
    const { version, ...former } = settings
    await save([rule('all', { kind: 'channel_is', channel: 'whatsapp' }, { priority: 'low' })])
    const { version: next } = await api().saveSettings.mutate({
      basedOn: version,
      settings: {
        steps: ['built_in', 'rules'],
        fallbackTeamId: server.teams.support,
        overallLimitMs: 1500,
      },
    })
    expect(await decisionFor('quiero comprar, es urgente')).toMatchObject({
      teamId: server.teams.sales,
      priority: 'urgent',
      settingsVersion: next,
    })
    expect(await decisionFor('hola')).toMatchObject({
      teamId: server.teams.support,
      priority: 'low',
      decidedBy: 'fallback',
    })
    expect(await codeOf(api().saveSettings.mutate({ basedOn: version, settings: former }))).toBe(
      'conflict',
    )
    await api().saveSettings.mutate({ basedOn: next, settings: former })
  })

  test('name only teams that there are, and no step twice', async () => {
    const { settings } = await api().getRules.query({ version: null })
    const attempt = (changed: object) =>
      codeOf(
        api().saveSettings.mutate({
          basedOn: settings.version,
          settings: { ...settings, ...changed },
        }),
      )
    expect(await attempt({ fallbackTeamId: supervisor.id })).toBe('invalid_input')
    expect(await attempt({ steps: ['rules', 'rules'] })).toBe('invalid_input')
    expect(await attempt({ steps: [] })).toBe('invalid_input')
  })
})

test('a dry run tells what would change, and writes nothing', async () => {
  await save([rule('hotel', says('zafiro'), { teamId: server.teams.support, priority: 'high' })])
  const conversation = await conversationOf(
    server,
    await write(server, newCustomer(), 'Reservé en el Zafiro'),
  )
  await decisionFor('quiero comprar')
  const before = await everything()
  const outcome = await api().dryRun.mutate({
    rules: [rule('hotels', says('zafiro'), { teamId: server.teams.sales, priority: 'urgent' })],
    days: 7,
  })
  expect(await everything()).toEqual(before)
  expect(outcome.changed).toBe(1)
  expect(outcome.examples).toEqual([
    {
      conversationId: conversation.id,
      createdAt: expect.any(String),
      text: 'Reservé en el Zafiro',
      before: { teamId: server.teams.support, priority: 'high', rules: ['hotel'] },
      after: { teamId: server.teams.sales, priority: 'urgent', rules: ['hotels'] },
    },
  ])
  const sum = (counts: Record<string, number>) =>
    Object.values(counts).reduce((total, count) => total + count, 0)
  for (const tally of [outcome.before, outcome.after]) {
    expect(sum(tally.byTeam)).toBe(outcome.conversations)
    expect(sum(tally.byPriority)).toBe(outcome.conversations)
  }
  const { support, sales } = server.teams
  expect(outcome.before.byTeam[support]).toBe((outcome.after.byTeam[support] ?? 0) + 1)
  expect(outcome.after.byTeam[sales]).toBe((outcome.before.byTeam[sales] ?? 0) + 1)
  const limited = await api().dryRun.mutate({ rules: [], days: 7, limit: 1 })
  expect(limited.conversations).toBe(1)
  expect(await codeOf(api().dryRun.mutate({ rules: [rule('', says('x'), {})], days: 7 }))).toBe(
    'invalid_input',
  )
})

test('what was cut short is found again, and decided once however many look', async () => {
  const { rows } = await server.database.pool.query<{ id: string }>(
    `WITH customer AS (
       INSERT INTO customers (external_id, channel) VALUES ('cut short', 'whatsapp') RETURNING id),
     account AS (SELECT id FROM channel_accounts WHERE channel = 'whatsapp' LIMIT 1)
     INSERT INTO conversations (customer_id, channel, channel_account_id, status, created_at)
     SELECT customer.id, 'whatsapp', account.id, 'triage', NOW() - INTERVAL '1 hour'
     FROM customer, account RETURNING id`,
  )
  const id = (rows[0] as { id: string }).id
  const others = await Promise.all([server.startAnother(), server.startAnother()])
  await expect
    .poll(
      async () =>
        (await server.database.pool.query('SELECT status FROM conversations WHERE id = $1', [id]))
          .rows[0].status,
      { timeout: 15_000 },
    )
    .toBe('queued')
  for (const other of others) await other.stop()
  expect(await decisionOf(id)).toMatchObject({ decidedBy: 'fallback', priority: 'normal' })
})
