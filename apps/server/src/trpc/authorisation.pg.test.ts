import { randomUUID } from 'node:crypto'

import { TAG_COLORS } from '@parley/contracts'
import {
  DEFAULT_ALERT_PREFERENCES,
  DEFAULT_ROUTING_SETTINGS,
  PERMISSIONS,
  ROLES,
  mayEver,
  reachOf,
  type Permission,
  type Role,
} from '@parley/domain'
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client'
import pLimit from 'p-limit'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { codeOf } from '../testing/conversations.ts'
import {
  connect,
  newId,
  startTestServer,
  type TestClient,
  type TestPerson,
  type TestServer,
} from '../testing/test-server.ts'
import { newTeam } from '../testing/workstations.ts'
import { appRouter, type AppRouter } from './router.ts'

/**
 * Every procedure by every role, on what is theirs, what is somebody else's, and what was theirs until a moment ago.
 * The list of procedures is the router's own: a new one without an input here fails.
 */

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

/** What the calls are aimed at. */
interface Things {
  conversationId: string
  messageId: string
  customerId: string
  /** Of the team, and on the conversation. */
  tagId: string
  teamId: string
  /** A person of that team. */
  userId: string
  /** Theirs. */
  sessionId: string
  /** For them. */
  alertId: string
  offerId: string
  /** What the customer wrote, found nowhere else. */
  words: string
}

const SLA_SETTINGS = {
  policies: { urgent: null, high: null, normal: null, low: null },
  warningPercent: 80,
  pausesOnCustomer: true,
  warnLeads: 'unattended',
}
const WHOLE_LOG = {
  actorId: null,
  actorKind: null,
  targetId: null,
  actions: [],
  from: null,
  to: null,
  text: null,
}
const ALWAYS_OPEN = { timeZone: 'UTC', windows: [], holidays: [] }

const INPUTS: Record<string, (things: Things) => unknown> = {
  'session.signOut': () => undefined,
  'session.me': () => undefined,
  'session.list': () => undefined,
  'session.revoke': ({ sessionId }) => ({ sessionId }),
  'people.revokeSessions': ({ userId }) => ({ userId }),
  'people.setRole': ({ userId }) => ({ userId, role: 'agent' }),
  'people.setTeams': ({ userId }) => ({ userId, teamIds: [] }),
  'people.setActive': ({ userId }) => ({ userId, isActive: true }),
  'sync.conversations': ({ conversationId }) => ({ ids: [conversationId], threads: true }),
  'lists.page': ({ teamId }) => ({ view: { kind: 'team', teamId }, limit: 10 }),
  'lists.ofCustomer': ({ customerId }) => ({ customerId, besides: newId() }),
  'lists.counts': () => undefined,
  'search.query': ({ words }) => ({ text: words, limit: 10 }),
  'accounts.presence': ({ userId }) => ({ userIds: [userId] }),
  'people.skills': () => undefined,
  'people.setSkills': ({ userId }) => ({ userId, skills: { english: 3 } }),
  'presence.set': () => ({ status: 'busy', reason: null }),
  'presence.report': () => ({ state: 'active' }),
  'presence.setFinishing': () => ({ isFinishing: false }),
  'presence.endShift': () => undefined,
  'presence.setOf': ({ userId }) => ({
    userId,
    status: 'online',
    reason: null,
    isFinishing: false,
  }),
  'presence.setCapacity': ({ userId }) => ({ userId, capacity: 5 }),
  'presence.history': ({ userId }) => ({
    userId,
    from: '2026-01-01T00:00:00Z',
    to: '2026-02-01T00:00:00Z',
  }),
  'offers.accept': ({ offerId }) => ({ intentId: newId(), offerId }),
  'offers.refuse': ({ offerId }) => ({ intentId: newId(), offerId }),
  'routing.settings': ({ teamId }) => ({ teamId }),
  'routing.saveSettings': ({ teamId }) => ({
    teamId,
    settings: DEFAULT_ROUTING_SETTINGS,
    basedOn: 999,
  }),
  'routing.queue': ({ teamId }) => ({ teamId }),
  'routing.replay': ({ teamId }) => ({
    teamId,
    from: '2026-01-01T00:00:00Z',
    to: '2026-01-02T00:00:00Z',
    settings: DEFAULT_ROUTING_SETTINGS,
    capacity: null,
  }),
  'sla.settings': ({ teamId }) => ({ teamId }),
  'sla.previewSettings': ({ teamId }) => ({ teamId, settings: SLA_SETTINGS }),
  'sla.saveSettings': ({ teamId }) => ({ teamId, settings: SLA_SETTINGS, basedOn: 999 }),
  'businessHours.get': ({ teamId }) => ({ teamId }),
  'businessHours.preview': ({ teamId }) => ({ teamId, settings: ALWAYS_OPEN }),
  'businessHours.save': ({ teamId }) => ({ teamId, settings: ALWAYS_OPEN, basedOn: 999 }),
  'sync.bootstrap': () => ({ page: null }),
  'sync.feed': () => ({ cursor: '00000000-0000-0000-0000-000000000000:1:1' }),
  'conversations.claim': ({ conversationId }) => ({ intentId: newId(), conversationId }),
  'conversations.claimNext': ({ teamId }) => ({ intentId: newId(), teamId }),
  'conversations.assign': ({ conversationId, userId }) => ({
    intentId: newId(),
    conversationId,
    userId,
  }),
  'conversations.transfer': ({ conversationId, userId }) => ({
    intentId: newId(),
    conversationId,
    to: { kind: 'person', userId },
  }),
  'conversations.release': ({ conversationId }) => ({ intentId: newId(), conversationId }),
  'conversations.takeOver': ({ conversationId }) => ({ intentId: newId(), conversationId }),
  'conversations.close': ({ conversationId }) => ({
    intentId: newId(),
    conversationId,
    reason: 'other',
  }),
  'conversations.setPriority': ({ conversationId }) => ({
    intentId: newId(),
    conversationId,
    priority: 'urgent',
  }),
  'conversations.undo': ({ conversationId }) => ({
    intentId: newId(),
    conversationId,
    of: newId(),
  }),
  'conversations.reopen': ({ conversationId }) => ({ intentId: newId(), conversationId }),
  'conversations.history': ({ conversationId }) => ({ conversationId, beforeSeq: null }),
  'messages.send': ({ conversationId }) => ({
    id: newId(),
    conversationId,
    text: 'x',
    lastSeenSeq: null,
  }),
  'messages.settle': ({ messageId }) => ({ intentId: newId(), messageId, as: 'discarded' }),
  'messages.retry': ({ messageId }) => ({ intentId: newId(), messageId }),
  'triage.getRules': () => ({ version: null }),
  'triage.ruleVersions': () => ({ before: null }),
  'triage.saveRules': () => ({ basedOn: 0, note: '', content: { kind: 'rules', rules: [] } }),
  'triage.saveSettings': ({ teamId }) => ({
    basedOn: 999,
    settings: { steps: ['built_in'], fallbackTeamId: teamId, overallLimitMs: 2000 },
  }),
  'triage.dryRun': () => ({ rules: [], days: 1 }),
  'triage.getModel': () => undefined,
  'triage.saveModel': () => ({
    settings: {
      isActive: false,
      provider: 'openai',
      baseUrl: 'https://model.invalid',
      model: 'm',
      responseFormat: 'json_schema',
      temperature: null,
      timeLimitMs: 100,
      inputPrice: 0,
      outputPrice: 0,
      teamIds: null,
      priorities: ['normal'],
      skills: [],
      allowPrivateAddress: false,
    },
    apiKey: 'a-key',
  }),
  'triage.testModel': () => ({ text: 'hola' }),
  'alerts.acknowledge': ({ alertId }) => ({ intentId: newId(), alertId }),
  'alerts.savePreferences': () => ({ preferences: DEFAULT_ALERT_PREFERENCES }),
  'problems.acknowledge': () => ({ problemId: newId() }),
  'tags.create': ({ teamId }) => ({ id: newId(), name: newId(), color: TAG_COLORS[0], teamId }),
  'tags.save': ({ teamId, tagId }) => ({
    id: tagId,
    name: newId(),
    color: TAG_COLORS[0],
    teamId,
    basedOn: 1,
  }),
  'tags.remove': ({ tagId }) => ({ id: tagId }),
  'tags.setRule': ({ teamId }) => ({ teamId, requiredOnClose: true }),
  'tags.add': ({ conversationId, tagId }) => ({ intentId: newId(), conversationId, tagId }),
  'tags.drop': ({ conversationId, tagId }) => ({
    intentId: newId(),
    conversationId,
    tagId,
    seen: null,
  }),
  'reads.mark': ({ conversationId }) => ({ marks: [{ conversationId, turn: 0, seq: 1 }] }),
  'reports.violations': ({ teamId }) => ({
    teamId,
    userId: null,
    type: null,
    from: '2026-01-01T00:00:00Z',
    to: '2027-01-01T00:00:00Z',
    page: null,
  }),
  'reports.hourFigures': () => undefined,
  'accounts.own': () => undefined,
  'accounts.changePassword': () => ({ current: 'not this one', next: 'nor that one, really' }),
  'accounts.beginSecondFactor': () => ({ password: 'not this one' }),
  'accounts.confirmSecondFactor': () => ({ code: '000000' }),
  'accounts.removeSecondFactor': () => ({ password: 'not this one', code: '000000' }),
  'accounts.renewRecoveryCodes': () => ({ password: 'not this one', code: '000000' }),
  'people.find': () => ({ text: '', roles: [], teamId: null, states: [], page: null, limit: 10 }),
  'people.invite': ({ teamId }) => ({
    fullName: 'Nora Villa',
    email: `${newId()}@parley.example`,
    role: 'admin',
    teamIds: [teamId],
  }),
  'people.makeLink': ({ userId }) => ({ userId }),
  'people.save': ({ userId }) => ({
    userId,
    fullName: 'Otra persona',
    email: `${newId()}@parley.example`,
  }),
  'people.removeSecondFactor': ({ userId }) => ({ userId }),
  'people.takeOver': ({ userId }) => ({ userId }),
  'people.giveBack': ({ userId }) => ({ userId }),
  'groups.mappings': () => undefined,
  'groups.saveMappings': ({ teamId }) => ({
    mappings: [{ name: 'Agentes', role: 'agent', teamId }],
    basedOn: 999,
  }),
  'sessions.find': ({ userId }) => ({ userId, page: null, limit: 10 }),
  'sessions.end': ({ sessionId }) => ({ sessionId }),
  'teams.list': () => undefined,
  'teams.create': () => ({ id: newId(), name: newId(), description: null }),
  'teams.save': ({ teamId }) => ({ teamId, name: newId(), description: null }),
  'teams.setActive': ({ teamId }) => ({ teamId, isActive: false }),
  'teams.moveOpen': ({ teamId }) => ({ teamId, to: newId() }),
  'signOn.providers': () => undefined,
  'signOn.save': () => ({
    id: newId(),
    basedOn: null,
    settings: {
      name: 'Entra',
      issuer: `https://login.example/${newId()}`,
      clientId: 'parley',
      domains: [],
      isActive: false,
      isForced: false,
      trustsEmail: false,
      createsPeople: false,
      defaultRole: 'agent',
      groupsClaim: null,
    },
    clientSecret: null,
  }),
  'signOn.remove': () => ({ id: newId() }),
  'signOn.check': () => ({ id: newId() }),
  'signOn.setBreakGlass': ({ userId }) => ({ userId }),
  'signOn.unlink': ({ userId }) => ({ userId }),
  'security.policy': () => undefined,
  'security.savePolicy': () => ({
    policy: {
      sessionIdleMinutes: 60,
      sessionLifetimeMinutes: 60,
      passwordMinLength: 8,
      secondFactorRoles: [],
    },
    basedOn: 999,
  }),
  'apiKeys.list': () => undefined,
  'apiKeys.create': ({ userId }) => ({
    name: 'SCIM',
    ownerId: userId,
    scopes: ['directory.see'],
    lifetimeDays: 30,
    allowedAddresses: [],
  }),
  'apiKeys.rotate': () => ({ keyId: newId(), overlapHours: 1, lifetimeDays: 30 }),
  'apiKeys.revoke': () => ({ keyId: newId() }),
  'audit.find': () => ({ ...WHOLE_LOG, before: null, limit: 10 }),
  'audit.beginExport': () => ({ exportId: newId(), filter: WHOLE_LOG }),
  'audit.exportPage': () => ({ exportId: newId(), before: null }),
}

interface Procedure {
  path: string
  type: string
  permission: Permission
  /** What its input names. */
  about: ReadonlySet<keyof Things>
}

function everyProcedure(): { path: string; type: string; permission: Permission | 'public' }[] {
  return Object.entries(appRouter._def.procedures).map(([path, procedure]) => {
    const { type, meta } = (
      procedure as unknown as {
        _def: { type: string; meta?: { permission: Permission | 'public' } }
      }
    )._def
    if (meta === undefined) throw new Error(`${path} declares no permission`)
    return { path, type, permission: meta.permission }
  })
}

const PROCEDURES: readonly Procedure[] = everyProcedure().flatMap(({ permission, ...procedure }) =>
  permission === 'public'
    ? []
    : [{ ...procedure, permission, about: namedBy(INPUTS[procedure.path]) }],
)

function namedBy(input: ((things: Things) => unknown) | undefined): Set<keyof Things> {
  const named = new Set<keyof Things>()
  input?.(
    new Proxy({} as Things, {
      get: (_, name) => {
        named.add(name as keyof Things)
        return ''
      },
    }),
  )
  return named
}

test('declares a permission, and the public ones are these', () => {
  for (const { permission } of PROCEDURES) expect(PERMISSIONS).toContain(permission)
  const open = everyProcedure().filter(({ permission }) => permission === 'public')
  expect(open.map(({ path }) => path)).toEqual([
    'session.signIn',
    'session.lookAtLink',
    'session.useLink',
    'session.refresh',
    'signOn.options',
    'signOn.useTicket',
  ])
})

test('has an input here, so that none is forgotten', () => {
  expect(Object.keys(INPUTS).toSorted()).toEqual(PROCEDURES.map(({ path }) => path).toSorted())
})

async function insert(table: string, row: Record<string, unknown>): Promise<string> {
  const columns = Object.keys(row)
  const places = columns.map((_, index) => `$${index + 1}`)
  const { rows } = await server.database.pool.query<{ id: string }>(
    `INSERT INTO ${table} (${columns.join()}) VALUES (${places.join()}) RETURNING id`,
    Object.values(row),
  )
  return (rows[0] as { id: string }).id
}

/** @param assignedTo whose conversation it is; null: the person's of the team */
async function makeThings(teamId: string, assignedTo: string | null): Promise<Things> {
  const { pool } = server.database
  const person = await server.addPerson({ role: 'agent', teamIds: [teamId] })
  const words = `zarzamora${randomUUID().replaceAll('-', '')}`
  const { rows: accounts } = await pool.query<{ id: string }>(
    `SELECT id FROM channel_accounts WHERE channel = 'whatsapp'`,
  )
  const customerId = await insert('customers', {
    external_id: randomUUID(),
    channel: 'whatsapp',
    name: words,
  })
  const conversation = {
    customer_id: customerId,
    channel: 'whatsapp',
    channel_account_id: accounts[0]?.id,
    team_id: teamId,
    assigned_to: assignedTo ?? person.id,
    status: 'pending_customer',
  }
  const conversationId = await insert('conversations', conversation)
  const message = { conversation_id: conversationId, direction: 'inbound', sender_type: 'customer' }
  await insert('messages', { ...message, content_text: words })
  const messageId = await insert('messages', {
    ...message,
    direction: 'outbound',
    sender_type: 'agent',
    sender_id: person.id,
    content_text: words,
    status: 'failed',
  })
  const tagId = await insert('tags', { name: randomUUID(), team_id: teamId })
  await insert('conversation_tags', { conversation_id: conversationId, tag_id: tagId })
  const alertId = await insert('alerts', {
    user_id: person.id,
    subject_id: randomUUID(),
    kind: 'warning',
    clock: 'resolution',
    conversation_id: conversationId,
    team_id: teamId,
    due_at: new Date(),
  })
  const offerId = await insert('offers', {
    conversation_id: conversationId,
    user_id: person.id,
    team_id: teamId,
    explanation: {},
    expires_at: new Date(Date.now() + 600_000),
  })
  const deviceId = await insert('devices', { id: randomUUID(), name: 'test', platform: 'linux' })
  const sessionId = await insert('sessions', { user_id: person.id, device_id: deviceId })
  const userId = person.id
  return {
    conversationId,
    messageId,
    customerId,
    tagId,
    teamId,
    userId,
    sessionId,
    alertId,
    offerId,
    words,
  }
}

/** All that the calls could change. */
async function fingerprint(things: Things): Promise<string> {
  const { conversationId, teamId, userId, sessionId, alertId, offerId } = things
  const { rows } = await server.database.pool.query<{ state: string }>(
    `SELECT jsonb_build_array(
       (SELECT to_jsonb(c) FROM conversations c WHERE c.id = $1),
       (SELECT jsonb_agg(to_jsonb(m) ORDER BY m.id) FROM messages m WHERE m.conversation_id = $1),
       (SELECT COUNT(*) FROM conversation_events WHERE conversation_id = $1),
       (SELECT COUNT(*) FROM conversation_tags WHERE conversation_id = $1),
       (SELECT COUNT(*) FROM read_marks WHERE conversation_id = $1),
       (SELECT to_jsonb(t) FROM teams t WHERE t.id = $2),
       (SELECT to_jsonb(s) - 'round_robin_after' FROM team_settings s WHERE s.team_id = $2),
       (SELECT COUNT(*) FROM sla_policies WHERE team_id = $2),
       (SELECT COUNT(*) FROM business_hours WHERE team_id = $2),
       (SELECT jsonb_agg(to_jsonb(t) ORDER BY t.id) FROM tags t WHERE t.team_id = $2),
       (SELECT COUNT(*) FROM team_tag_rules WHERE team_id = $2),
       (SELECT to_jsonb(u) FROM users u WHERE u.id = $3),
       (SELECT jsonb_agg(m.team_id ORDER BY m.team_id) FROM team_memberships m WHERE m.user_id = $3),
       (SELECT jsonb_build_array(p.capacity, p.chosen_status, p.is_finishing) FROM agent_presence p WHERE p.user_id = $3),
       (SELECT COUNT(*) FROM agent_skills WHERE user_id = $3),
       (SELECT COUNT(*) FROM account_links WHERE user_id = $3),
       (SELECT s.ended_at FROM sessions s WHERE s.id = $4),
       (SELECT to_jsonb(a) FROM alerts a WHERE a.id = $5),
       (SELECT to_jsonb(o) FROM offers o WHERE o.id = $6),
       (SELECT COUNT(*) FROM audit_log WHERE target_id IN ($1::text, $2::text, $3::text))
     )::text AS state`,
    [conversationId, teamId, userId, sessionId, alertId, offerId],
  )
  return rows[0]?.state as string
}

type Caller = Pick<TestClient, 'trpc'>

function call({ trpc }: Caller, { path, type }: Procedure, input: unknown): Promise<unknown> {
  const [router, name] = path.split('.') as [string, string]
  const target = (
    trpc as never as Record<
      string,
      Record<string, Record<string, (input: unknown, handlers?: object) => unknown>>
    >
  )[router]?.[name]
  if (target === undefined) throw new Error(`no procedure ${path}`)
  if (type !== 'subscription') {
    return target[type === 'query' ? 'query' : 'mutate']?.(input) as Promise<unknown>
  }
  return new Promise((resolve, reject) => {
    target['subscribe']?.(input, {
      onData: resolve,
      onError: reject,
      onComplete: () => resolve(null),
    })
  })
}

/** The same procedures, all of them over the WebSocket. */
function overWebSocket(accessToken: string): Caller & { close(): void } {
  const client = createWSClient({
    url: `${server.url.replace('http', 'ws')}/trpc`,
    connectionParams: () => ({ accessToken }),
    lazy: { enabled: true, closeMs: 0 },
  })
  return {
    trpc: createTRPCClient<AppRouter>({ links: [wsLink({ client })] }),
    close: () => void client.close(),
  }
}

type Relation = 'own' | 'foreign' | 'former'

/** What somebody calls about, each time of another team: theirs, somebody else's, or theirs until a moment ago. */
async function meet({ id }: TestPerson, relation: Relation): Promise<Things> {
  const { pool } = server.database
  const teamId = await newTeam(server, randomUUID())
  if (relation === 'foreign') return makeThings(teamId, null)
  await pool.query('INSERT INTO team_memberships (user_id, team_id) VALUES ($1, $2)', [id, teamId])
  const things = await makeThings(teamId, id)
  if (relation === 'own') return things
  await pool.query('UPDATE conversations SET assigned_to = $2 WHERE id = $1', [
    things.conversationId,
    things.userId,
  ])
  await pool.query('DELETE FROM team_memberships WHERE user_id = $1 AND team_id = $2', [id, teamId])
  return things
}

const EXPECTED_CODES = new Set([
  'no failure',
  'forbidden',
  'not_found',
  'conflict',
  'invalid_input',
  'not_assignable',
  'required',
  'wrong_password',
  'wrong_code',
])

/** Who calls, all of it in one session. */
interface Calling {
  role: Role
  person: TestPerson
  /** What a call goes over: a line of its own, where it is the WebSocket. */
  line(): Caller & { close(): void }
}

/** @returns what is not as it has to be */
async function walk(
  { role, person, line }: Calling,
  relation: Relation,
  procedure: Procedure,
): Promise<string[]> {
  const { path, permission, about } = procedure
  const things = await meet(person, relation)
  const before = await fingerprint(things)
  const caller = line()
  let answer: unknown = null
  const code = await codeOf(
    call(caller, procedure, INPUTS[path]?.(things)).then((given) => (answer = given)),
  )
  caller.close()
  const isChanged = (await fingerprint(things)) !== before

  const problems: string[] = []
  const complain = (what: string): void => void problems.push(`${path}: ${what} (${code})`)
  if (!EXPECTED_CODES.has(code)) complain('fails otherwise')
  const reach = reachOf(role, permission)
  const isOwned = about.has('conversationId') || about.has('messageId')
  const isTheirs = relation === 'own' && (reach !== 'own' || isOwned)
  const isInReach = reach === 'all' || about.size === 0 || isTheirs
  if (!mayEver(role, permission) && code !== 'forbidden') complain('is not refused')
  if (isInReach && mayEver(role, permission) && code === 'forbidden') complain('is refused')
  if ((!isInReach || code !== 'no failure') && isChanged) complain('changes something')
  const isSeen = reachOf(role, 'conversation.see') === 'all' || relation === 'own'
  if (!isSeen && JSON.stringify(answer).includes(things.words)) complain('shows something')
  return problems
}

const SIGN_OUT = 'session.signOut'

const RELATIONS: readonly Relation[] = ['own', 'foreign', 'former']
const TRANSPORTS = ['http', 'webSocket'] as const
const WALKS = ROLES.flatMap((role) =>
  RELATIONS.flatMap((relation) =>
    TRANSPORTS.map((transport) => [role, relation, transport] as const),
  ),
)

test.each(WALKS)(
  'a %s on what is %s, over %s, does and sees what the table says and no more',
  async (role, relation, transport) => {
    const person = await server.addPerson({ role, teamIds: [] })
    const client = await server.signIn(person)
    const isHttp = transport === 'http'
    const calling = {
      role,
      person,
      line: () =>
        isHttp ? { trpc: client.trpc, close: () => {} } : overWebSocket(client.accessToken),
    }
    // A session has three lines at once.
    const atOnce = pLimit(isHttp ? 6 : 2)
    const walked = PROCEDURES.filter(({ path }) => path !== SIGN_OUT)
    const problems = await Promise.all(
      walked.map((procedure) => atOnce(() => walk(calling, relation, procedure))),
    )
    // It ends the session of all.
    for (const procedure of PROCEDURES) {
      if (procedure.path === SIGN_OUT) problems.push(await walk(calling, relation, procedure))
    }
    expect(problems.flat()).toEqual([])
    calls += PROCEDURES.length
    client.close()
  },
  240_000,
)

let calls = 0
afterAll(() => {
  process.stdout.write(
    `${PROCEDURES.length} procedures × ${ROLES.length} roles × ${RELATIONS.length} relations × ` +
      `${TRANSPORTS.length} ways: ${calls} calls\n`,
  )
})

test('is closed without a session, over both ways', async () => {
  const things = await makeThings(await newTeam(server, randomUUID()), null)
  const nobody = connect(server.url, 'nothing', '')
  const socket = overWebSocket('nothing')
  const before = await fingerprint(things)
  for (const procedure of PROCEDURES) {
    for (const client of [nobody, socket]) {
      const code = await codeOf(call(client, procedure, INPUTS[procedure.path]?.(things)))
      expect([procedure.path, code]).toEqual([procedure.path, 'unauthenticated'])
    }
  }
  expect(await fingerprint(things)).toBe(before)
  nobody.close()
  socket.close()
})

test('carries out nothing of what comes in a batch, whichever procedure it is', async () => {
  const person = await server.addPerson({ role: 'admin', teamIds: [] })
  const client = await server.signIn(person)
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${client.accessToken}`,
  }
  const things = await meet(person, 'own')
  const before = await fingerprint(things)
  for (const { path, type } of PROCEDURES) {
    // Twice the same, and once alone: a batch of one is a batch, too.
    for (const paths of [`${path},${path}`, path]) {
      const input = INPUTS[path]?.(things)
      const given = JSON.stringify({ 0: input, 1: input })
      const response = await fetch(
        `${server.url}/trpc/${paths}?batch=1${type === 'mutation' ? '' : `&input=${encodeURIComponent(given)}`}`,
        type === 'mutation' ? { method: 'POST', headers, body: given } : { headers },
      )
      expect([paths, response.status]).toEqual([paths, 400])
      await response.body?.cancel()
    }
  }
  expect(await fingerprint(things)).toBe(before)
  expect(await codeOf(client.trpc.session.me.query())).toBe('no failure')
  client.close()
}, 120_000)
