import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type BridgeEvents, type EngineMethod } from '@parley/contracts'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { Engine } from './engine.ts'
import { type EngineHost } from './host.ts'
import { type Notice } from './notices.ts'
import { cacheNameOf } from './session/personal-cache.ts'
import { markTold } from './features/alerts/kept-alerts.ts'
import { type Cache } from './store/cache.ts'
import { KEY, cursor, openCacheFile, put } from './testing/open-cache.ts'
import { alert, clock, conversation, person, presence, team } from './testing/rows.ts'

/** The engine on a machine whose server cannot be reached: what it shows and takes from the cache alone. */

const ME = '01890a5d-ac96-774b-bcce-b302099a8001'
const TEAM = '01890a5d-ac96-774b-bcce-b302099a8002'

let folder: string
let engine: Engine
let notices: Notice[]
let changes: BridgeEvents['changed'][]

const host = (): EngineHost => ({
  dataFolder: folder,
  deviceName: 'test',
  platform: 'linux',
  fixedServerUrl: null,
  allowsHttp: false,
  leaseMs: 72 * 3_600_000,
  // Nobody listens on the discard port.
  defaultServerUrl: 'http://127.0.0.1:9',
  readSecret: async () => KEY,
  writeSecret: async () => {},
  openBrowser: async () => {},
  cameBack: () => {},
  readAccount: async () => ({
    deviceId: ME,
    serverUrl: 'http://127.0.0.1:9',
    person: { id: ME, email: 'ana@parley.example', fullName: 'Ana Ruiz' },
  }),
  writeAccount: async () => {},
})

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-offline-'))
  notices = []
  changes = []
  engine = new Engine(host(), {
    bridge: (event, payload) => {
      if (event === 'changed') changes.push(payload as BridgeEvents['changed'])
    },
    notice: (notice) => notices.push(notice),
  })
})
afterEach(async () => {
  await engine.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** The cache as it was left, by whoever still has a session or has none any more. */
function leaveCache({ hasSession }: { hasSession: boolean }, fill: (cache: Cache) => void): void {
  const cache = openCacheFile(
    join(folder, `cache-${cacheNameOf({ personId: ME, serverUrl: 'http://127.0.0.1:9' })}.db`),
    ME,
  )
  cache.setAccess({ role: 'team_lead', teamIds: [TEAM] })
  const tokens = {
    accessToken: 'a',
    refreshToken: 'r',
    accessExpiresAt: '2100-01-01T00:00:00.000Z',
  }
  if (hasSession) cache.store.setMeta('tokens', JSON.stringify(tokens))
  cache.applyBatch(
    [
      put('person', person({ id: ME, role: 'team_lead', teamIds: [TEAM] })),
      put('presence', presence(ME)),
      put('team', team(TEAM)),
    ],
    cursor(1),
  )
  fill(cache)
  cache.store.close()
}

async function ask(method: EngineMethod, input?: unknown): Promise<unknown> {
  const result = await engine.call(method, input)
  if (!result.ok) throw new Error(result.error.code)
  return result.value
}

const ESCALATION = alert({ userId: ME, teamId: TEAM, kind: 'escalation', level: 1 })
const BREACHES = [alert({ userId: ME, teamId: TEAM }), alert({ userId: ME, teamId: TEAM })]
const states = () => notices.filter(({ kind }) => kind === 'alert_state')

test('what was told before is shown again, and acknowledging it needs no server', async () => {
  leaveCache({ hasSession: true }, (cache) => {
    cache.applyItems([ESCALATION, ...BREACHES].map((row) => put('alert', row)))
    markTold(cache, [ESCALATION.id])
  })
  await engine.start()
  expect(notices).toEqual([
    { kind: 'alert_state', open: 3, worst: 'escalation', escalations: 1, isPressing: true },
  ])
  await ask('alerts.acknowledge', { alertId: ESCALATION.id })
  expect(notices).toContainEqual({ kind: 'alert_over', alertId: ESCALATION.id })
  expect(states().at(-1)).toMatchObject({ open: 2, worst: 'breach', escalations: 0 })
  expect(changes).toContainEqual(expect.objectContaining({ topics: ['outbox', 'alert'] }))
  await ask('alerts.acknowledgeAll', { alertIds: BREACHES.map(({ id }) => id) })
  expect(states().at(-1)).toMatchObject({ open: 0, worst: 'none' })
  expect(await ask('outbox.list')).toHaveLength(3)
  expect(await ask('alerts.list')).toMatchObject(
    Array.from({ length: 3 }, () => ({ endReason: 'acknowledged' })),
  )
})

test('an alert tells that it changed with its conversation', async () => {
  const row = conversation({ id: '01890a5d-ac96-774b-bcce-b302099a8003', teamId: TEAM })
  leaveCache({ hasSession: true }, (cache) => {
    const breach = alert({ userId: ME, conversationId: row.id })
    cache.applyItems([put('conversation', row), put('alert', breach)])
  })
  await engine.start()
  changes.length = 0
  await ask('conversation.setPriority', { conversationId: row.id, priority: 'urgent' })
  expect(changes[0]).toMatchObject({ conversationIds: [row.id], topics: ['outbox', 'alert'] })
  expect(await ask('alerts.list')).toMatchObject([{ priority: 'urgent' }])
})

test('the wallboard counts by the time that it is now', async () => {
  const dueAt = new Date(Date.now() - 1000).toISOString()
  leaveCache({ hasSession: true }, (cache) =>
    cache.applyItems([
      put(
        'conversation',
        conversation({ teamId: TEAM, clocks: [clock({ warnsAt: dueAt, dueAt })] }),
      ),
    ]),
  )
  await engine.start()
  expect(await ask('wallboard.get')).toMatchObject({
    teams: [{ teamId: TEAM, overdue: 1, online: 1, members: 1 }],
    dueTotal: { overdue: 1, warning: 0 },
  })
  const list = await ask('inbox.list', { view: { kind: 'open' }, limit: 10, filter: 'due:overdue' })
  expect(list).toMatchObject({ total: 1 })
})

test('a locked workstation shows nothing of them, and takes no acknowledgement', async () => {
  leaveCache({ hasSession: false }, (cache) => {
    cache.applyItems([put('alert', ESCALATION)])
    markTold(cache, [ESCALATION.id])
  })
  await engine.start()
  expect(notices).toEqual([])
  await expect(ask('alerts.acknowledge', { alertId: ESCALATION.id })).rejects.toThrow(
    'session_ended',
  )
})
