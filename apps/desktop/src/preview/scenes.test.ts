import { type BridgeEvents } from '@parley/contracts'
import { afterEach, expect, test, vi } from 'vitest'

import { asking, openScene, type OpenedEngine } from './open-scene.ts'
import { SCENES, type Ask, type SceneName } from './scenes.ts'

/** Each scene opens in the real engine and shows what it is for. */

const LIST = { view: { kind: 'mine' }, limit: 100 } as const
const sections = async (ask: Ask) =>
  (await ask('inbox.list', LIST)).sections.map(({ key, total }) => `${key} ${total}`)
const refusals = async (ask: Ask) =>
  (await ask('outbox.list', undefined)).flatMap(({ refusal }) => refusal?.code ?? [])
const alertKinds = async (ask: Ask) =>
  (await ask('alerts.list', undefined))
    .filter(({ endedAt }) => endedAt === null)
    .map(({ kind }) => kind)
const presence = async (ask: Ask) => {
  const session = await ask('session.get', undefined)
  return session.state === 'signed_in' ? session.me.presence : null
}

const AT_WORK = expect.arrayContaining(['awaiting_me 3', 'awaiting_customer 5', 'queue 12'])

/** What is read of it again until it is so. */
const SHOWN: Record<SceneName, (ask: Ask) => Promise<void>> = {
  inbox: async (ask) => expect(await sections(ask)).toEqual(AT_WORK),
  due: async (ask) =>
    expect((await ask('inbox.list', { ...LIST, filter: 'due:overdue' })).total).toBe(1),
  scripts: async (ask) => {
    const { sections: lists } = await ask('inbox.list', LIST)
    const titles = lists.flatMap(({ rows }) => rows.map(({ title }) => title))
    expect(titles).toContain('gnitekraM')
    expect(titles.every((title) => title !== '')).toBe(true)
  },
  empty: async (ask) => expect((await ask('inbox.list', LIST)).total).toBe(0),
  keyStore: async (ask) =>
    expect(await ask('session.get', undefined)).toMatchObject({
      state: 'not_opened',
      reason: 'key_store',
    }),
  newer: async (ask) => {
    const session = await ask('session.get', undefined)
    expect(session).toMatchObject({ state: 'not_opened', reason: 'newer', canStartFresh: true })
    expect(session.state === 'not_opened' && session.unsent.length).toBeGreaterThan(0)
  },
  damaged: async (ask) =>
    expect(await ask('session.get', undefined)).toMatchObject({
      state: 'signed_in',
      carriedOver: { because: 'damaged', lost: 0 },
    }),
  offline: async (ask) => {
    expect(await ask('connection.get', undefined)).toMatchObject({ state: 'offline', waiting: 3 })
    expect(await sections(ask)).toContain('awaiting_customer 5')
  },
  partial: async (ask) => {
    const open = await ask('inbox.list', { ...LIST, view: { kind: 'open' } })
    // One's own are all here.
    expect([open.isPartial, (await ask('inbox.list', LIST)).isPartial]).toEqual([true, false])
  },
  refused: async (ask) => {
    expect(await refusals(ask)).toEqual([
      'window_closed',
      'window_closed',
      'forbidden',
      'not_found',
    ])
    expect(await sections(ask)).toContain('to_decide 4')
  },
  conflict: async (ask) => expect(await refusals(ask)).toEqual(['conflict', 'reply_outdated']),
  expired: async (ask) =>
    expect(await ask('session.get', undefined)).toMatchObject({
      state: 'locked',
      because: 'expired',
      words: null,
    }),
  withdrawn: async (ask) => {
    const session = await ask('session.get', undefined)
    expect(session).toMatchObject({ state: 'locked', because: 'withdrawn', words: { lost: 0 } })
    expect(session.state === 'locked' && session.words?.unsent.length).toBeGreaterThan(0)
  },
  'signed-out': async (ask) =>
    expect(await ask('session.get', undefined)).toMatchObject({ state: 'signed_out' }),
  bootstrapping: async (ask) => {
    const { bootstrapping } = await ask('connection.get', undefined)
    expect(bootstrapping?.loaded).toBeGreaterThan(0)
  },
  offer: async (ask) => expect(await ask('offers.list', undefined)).toHaveLength(3),
  finishing: async (ask) => expect(await presence(ask)).toMatchObject({ isFinishing: true }),
  missed: async (ask) => expect(await presence(ask)).toMatchObject({ reason: 'missed_offers' }),
  alerts: async (ask) => expect(await alertKinds(ask)).toEqual(['breach', 'warning', 'warning']),
  escalation: async (ask) => expect(await alertKinds(ask)).toEqual(['escalation']),
  'escalation-offline': async (ask) => {
    expect(await ask('connection.get', undefined)).toMatchObject({ state: 'offline' })
    expect(await alertKinds(ask)).toEqual(['escalation'])
  },
  storm: async (ask) =>
    expect((await alertKinds(ask)).filter((kind) => kind === 'breach')).toHaveLength(7),
  wallboard: async (ask) => {
    const { teams, dueTotal } = await ask('wallboard.get', undefined)
    expect([teams.length, dueTotal.overdue]).toEqual([4, 1])
  },
  'many-teams': async (ask) =>
    expect((await ask('wallboard.get', undefined)).teams).toHaveLength(15),
}

let opened: OpenedEngine
afterEach(() => opened.close())

test.each(Object.keys(SCENES) as SceneName[])('%s', async (name) => {
  const connection = { state: 'offline' as BridgeEvents['connection']['state'] }
  opened = await openScene(name, {
    bridge: (event, payload) => {
      if (event === 'connection') Object.assign(connection, payload)
    },
    notice: () => {},
  })
  const ask = asking(opened.engine)
  await vi.waitFor(() => SHOWN[name](ask), { timeout: 4000, interval: 20 })
  const { state } = await ask('session.get', undefined)
  if (state !== 'signed_in') return
  await ask('inbox.counts', undefined)
  await ask('directory.get', undefined)
  const isOnline = !['offline', 'partial', 'escalation-offline', 'bootstrapping'].includes(name)
  if (isOnline) await expect.poll(() => connection.state, { timeout: 4000 }).toBe('online')
})
