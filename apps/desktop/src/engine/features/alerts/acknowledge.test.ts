import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type AlertRow, type PutItem } from '@parley/contracts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { type EngineCore } from '../../feature.ts'
import { type Outbox } from '../../outbox/outbox.ts'
import { refusal, type ServerClient } from '../../session/server-client.ts'
import { type Cache } from '../../store/cache.ts'
import { cursor, openCacheFile, openOutbox, put } from '../../testing/open-cache.ts'
import {
  alert,
  clock,
  conversation,
  customer,
  message,
  person,
  presence,
} from '../../testing/rows.ts'
import { acknowledgeAlert } from './acknowledge.ts'
import { concernOpenAlerts, openAlerts, recentAlerts } from './kept-alerts.ts'
import { listAlerts } from './list-alerts.ts'

const NOW = Date.parse('2026-11-20T10:30:00.000Z')

let folder: string
let cache: Cache
let outbox: Outbox

function open(): void {
  cache = openCacheFile(join(folder, 'cache.db'))
  outbox = openOutbox(cache)
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-alerts-'))
  open()
  cache.setAccess({ role: 'team_lead', teamIds: ['sales'] })
})
afterEach(() => {
  outbox.connect(null)
  cache.store.close()
  rmSync(folder, { recursive: true, force: true })
})

const apply = (...items: PutItem[]) => cache.applyBatch(items, cursor(1))
const engine = (): Pick<EngineCore, 'cache' | 'intend'> => ({
  cache,
  intend: (conversationId, intent) => outbox.intend(conversationId, intent),
})
const openIds = () => openAlerts(cache).map((one) => one.alert.id)

/** A line on which the server answers an acknowledgement like this. */
function lineThat(answers: () => unknown): { client: ServerClient; asked: unknown[] } {
  const asked: unknown[] = []
  const mutate = async (input: unknown) => {
    asked.push(input)
    return answers()
  }
  const trpc = { alerts: { acknowledge: { mutate } } }
  const client = { ask: (request: (given: typeof trpc) => unknown) => request(trpc) }
  return { client: client as unknown as ServerClient, asked }
}

describe('an acknowledgement', () => {
  test('ends the alert at once, without a line, and after a restart', () => {
    const row = alert()
    apply(put('alert', row))
    acknowledgeAlert(engine(), row.id)
    expect(openIds()).toEqual([])
    cache.store.close()
    open()
    expect([openIds(), outbox.list().map(({ kind }) => kind)]).toEqual([[], ['acknowledge']])
    // A newer row that is still open, sent before the server heard of it.
    apply(put('alert', { ...row, version: 2 }))
    expect(openIds()).toEqual([])
    const [shown] = recentAlerts(cache, '')
    expect(shown).toMatchObject({ id: row.id, endReason: 'acknowledged', acknowledgedBy: 'me' })
  })

  test('is sent once, and the alert stays over while the feed has not said so', async () => {
    const row = alert()
    apply(put('alert', row))
    acknowledgeAlert(engine(), row.id)
    acknowledgeAlert(engine(), row.id)
    const { client, asked } = lineThat(() => null)
    outbox.connect(client)
    await expect.poll(() => outbox.list()).toEqual([])
    expect(asked).toEqual([{ intentId: expect.any(String), alertId: row.id }])
    expect(openIds()).toEqual([])
  })

  test('of an alert that the server does not know is done', async () => {
    const row = alert()
    apply(put('alert', row))
    acknowledgeAlert(engine(), row.id)
    outbox.connect(
      lineThat(() => {
        throw refusal('not_found')
      }).client,
    )
    await expect.poll(() => outbox.list()).toEqual([])
    expect(openIds()).toEqual([])
  })

  test('that is refused leaves the alert as it was, until it is sent again', async () => {
    const row = alert()
    apply(put('alert', row))
    acknowledgeAlert(engine(), row.id)
    let answer: () => unknown = () => {
      throw refusal('forbidden')
    }
    outbox.connect(lineThat(() => answer()).client)
    await expect.poll(() => outbox.list()).toMatchObject([{ state: 'refused' }])
    expect(openIds()).toEqual([row.id])
    answer = () => null
    outbox.retry(outbox.list()[0]?.intentId ?? '')
    expect(openIds()).toEqual([])
    await expect.poll(() => outbox.list()).toEqual([])
    expect(openIds()).toEqual([])
  })

  test('that is taken back leaves the alert as it was', () => {
    const row = alert()
    apply(put('alert', row))
    acknowledgeAlert(engine(), row.id)
    outbox.discard(outbox.list()[0]?.intentId ?? '')
    expect(openIds()).toEqual([row.id])
  })
})

describe('one conversation', () => {
  test('that is warned of, overdue and escalated is told of once, as the gravest, and acknowledged whole', () => {
    const { conversationId } = alert()
    const [warning, breach, escalation] = (['warning', 'breach', 'escalation'] as const).map(
      (kind) => alert({ kind, conversationId, level: kind === 'escalation' ? 1 : null }),
    ) as [AlertRow, AlertRow, AlertRow]
    const other = alert({ kind: 'warning' })
    apply(put('alert', warning), put('alert', breach), put('alert', other))
    expect(openIds().toSorted()).toEqual([breach.id, other.id].toSorted())
    apply(put('alert', escalation))
    expect(openIds().toSorted()).toEqual([escalation.id, other.id].toSorted())
    expect(listAlerts(cache, NOW).map(({ id }) => id)).toEqual([escalation.id, other.id])
    acknowledgeAlert(engine(), escalation.id)
    expect(openIds()).toEqual([other.id])
    expect(outbox.list()).toHaveLength(3)
  })

  test('whose escalation somebody answered is still overdue, and says so', () => {
    const { conversationId } = alert()
    const breach = alert({ conversationId })
    const escalation = alert({ kind: 'escalation', level: 1, conversationId })
    apply(put('alert', breach), put('alert', escalation))
    const over = { endedAt: escalation.raisedAt, endReason: 'resolved' } as const
    apply(put('alert', { ...escalation, version: 2, ...over }))
    expect(openIds()).toEqual([breach.id])
  })
})

describe('the list of alerts', () => {
  test('has open ones first, of each the gravest, then the newest, and forgets after a day', () => {
    const at = (time: string) => `2026-11-20T${time}.000Z`
    const over = (endedAt: string) => ({ endedAt, endReason: 'resolved' }) as const
    const rows = [
      alert({ kind: 'warning', raisedAt: at('10:20:00') }),
      alert({ kind: 'breach', raisedAt: at('10:00:00') }),
      alert({ kind: 'breach', raisedAt: at('10:10:00') }),
      alert({ kind: 'escalation', level: 1, raisedAt: at('09:00:00') }),
      alert({ kind: 'escalation', level: 1, ...over(at('10:25:00')) }),
      alert({ kind: 'warning', ...over('2026-11-19T10:30:00.000Z') }),
    ]
    apply(...rows.map((row) => put('alert', row)))
    expect(listAlerts(cache, NOW).map(({ id }) => id)).toEqual(
      [3, 2, 1, 0, 4].map((index) => rows[index]?.id),
    )
  })

  test('says of each who has the conversation, how long it waits and what may be done', () => {
    const ana = person({ fullName: 'Ana Ruiz' })
    const row = conversation({
      assignedTo: ana.id,
      status: 'assigned',
      priority: 'urgent',
      clocks: [clock()],
    })
    const breach = alert({ conversationId: row.id })
    apply(
      put('person', ana),
      put('presence', presence(ana.id)),
      put('conversation', row),
      put('customer', customer(row.customerId)),
      put('message', message(row.id, { text: 'sigo esperando' })),
      put('alert', breach),
    )
    expect(listAlerts(cache, NOW)).toMatchObject([
      {
        title: 'Héctor Quintanilla',
        priority: 'urgent',
        assigneeName: 'Ana Ruiz',
        assigneeLoad: { load: 1, capacity: 6 },
        waitingSince: row.waitingSince,
        preview: { contentType: 'text', text: 'sigo esperando' },
        targetSeconds: 600,
        channelNow: 'system',
        mayTakeOver: true,
      },
    ])
    expect(concernOpenAlerts(cache, new Set([row.id]))).toBe(true)
    apply(put('alert', { ...breach, version: 2, endedAt: breach.raisedAt, endReason: 'moved' }))
    expect(concernOpenAlerts(cache, new Set([row.id]))).toBe(false)
  })

  test('shows one whose conversation is not here (yet)', () => {
    apply(put('alert', alert()))
    expect(listAlerts(cache, NOW)).toMatchObject([
      { title: '', channel: null, teamId: 'sales', preview: null, mayTakeOver: false },
    ])
  })
})
