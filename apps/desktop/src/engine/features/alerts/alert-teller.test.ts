import { type AlertPreferencesRow, type AlertRow, type FeedItem } from '@parley/contracts'
import { DEFAULT_ALERT_PREFERENCES } from '@parley/domain'
import { describe, expect, test } from 'vitest'

import { type Notice } from '../../notices.ts'
import { newApplied } from '../../store/applied.ts'
import { cursor, loadAfresh, openCache, put } from '../../testing/open-cache.ts'
import { alert, conversation, customer, message, person, someId, team } from '../../testing/rows.ts'
import { AlertTeller } from './alert-teller.ts'
import { openAlerts } from './kept-alerts.ts'
import { alertPreferencesOf } from './kept-preferences.ts'

const at = (time: string): string => `2026-11-20T${time}.000Z`
type Preferences = AlertPreferencesRow['preferences']
const DEFAULTS: Preferences = { ...DEFAULT_ALERT_PREFERENCES, quiet: null }
const ESCALATION = { kind: 'escalation', clock: 'escalation', level: 1 } as const

function open({ isLive = true } = {}) {
  const { cache, apply } = openCache({ role: 'team_lead', teamIds: ['sales'] })
  const notices: Notice[] = []
  let nowMs = Date.parse(at('10:11:00'))
  const newTeller = () =>
    new AlertTeller({ cache, notice: (notice) => notices.push(notice), serverNowMs: () => nowMs })
  let teller = newTeller()
  teller.start()
  if (isLive) teller.live()
  notices.length = 0
  return {
    cache,
    notices,
    teller: () => teller,
    setTime: (time: string) => (nowMs = Date.parse(at(time))),
    /** As the engine does with a batch. */
    receive(...items: FeedItem[]) {
      teller.applied(apply(...items))
    },
    prefer(preferences: Partial<Preferences>, version = 1) {
      const row = { id: 'me', version, preferences: { ...DEFAULTS, ...preferences } }
      teller.applied(apply(put('alert_preferences', row)))
    },
    /** The workstation is started again. */
    restart() {
      teller = newTeller()
      notices.length = 0
      teller.start()
    },
    /** What was said since the last time, without the state. */
    said() {
      const said = notices.filter(({ kind }) => kind !== 'alert_state')
      notices.length = 0
      return said.map((notice) => {
        if (notice.kind === 'alert' || notice.kind === 'alert_over')
          return `${notice.kind} ${notice.alertId}`
        if (notice.kind === 'alert_storm') return `storm ${notice.alertKind} ${notice.count}`
        if (notice.kind === 'alerts_missed')
          return `missed ${notice.escalations} ${notice.breaches} ${notice.warnings}`
        return notice.kind
      })
    },
    state: () => notices.findLast(({ kind }) => kind === 'alert_state'),
  }
}

const ended = (row: AlertRow): AlertRow => ({
  ...row,
  version: row.version + 1,
  endedAt: at('10:12:00'),
  endReason: 'resolved',
})

describe('an alert', () => {
  test('is told with what there is to say of its conversation', () => {
    const { receive, notices } = open()
    const ana = person({ fullName: 'Ana Ruiz' })
    const row = conversation({ assignedTo: ana.id, status: 'assigned' })
    const breach = alert({ conversationId: row.id })
    receive(
      put('person', ana),
      put('team', team('sales')),
      put('conversation', row),
      put('customer', customer(row.customerId)),
      put('message', message(row.id, { text: 'no me deja' })),
      put('alert', breach),
    )
    expect(notices).toContainEqual({
      kind: 'alert',
      alertId: breach.id,
      alertKind: 'breach',
      level: null,
      clock: 'first_response',
      conversationId: row.id,
      customerName: 'Héctor Quintanilla',
      teamName: 'Ventas',
      assigneeName: 'Ana Ruiz',
      text: 'no me deja',
      // A minute ago, by the clock of this device.
      dueAtMs: expect.closeTo(Date.now() - 60_000, -4),
      isOverdue: true,
      presentation: { channel: 'system', sound: true },
      mayTakeOver: true,
    })
  })

  test('is told once, again when it rises a level, and is over when it ends', () => {
    const { receive, said } = open()
    const row = alert(ESCALATION)
    receive(put('alert', row))
    expect(said()).toEqual([`alert ${row.id}`])
    receive(put('alert', row), put('alert', { ...row, version: 2 }))
    expect(said()).toEqual([])
    receive(put('alert', { ...row, version: 3, level: 2 }))
    expect(said()).toEqual([`alert ${row.id}`])
    receive(put('alert', { ...ended(row), version: 4 }))
    expect(said()).toEqual([`alert_over ${row.id}`])
    receive(put('alert', row))
    expect(said()).toEqual([])
  })

  test('that is raised again after somebody had taken it is told again', () => {
    const { receive, said, cache } = open()
    const row = alert(ESCALATION)
    receive(put('alert', row))
    receive(put('alert', { ...ended(row), version: 2 }))
    said()
    receive(put('alert', { ...row, version: 3, raisedAt: '2099-01-01T00:00:00.000Z' }))
    expect(said()).toEqual([`alert ${row.id}`])
    expect(openAlerts(cache)).toHaveLength(1)
  })

  test('of somebody else is none', () => {
    const { receive, said, cache } = open()
    receive(put('alert', alert({ userId: 'somebody' })))
    expect([said(), openAlerts(cache)]).toEqual([[], []])
  })

  test('that could not be handed over is told the next time', () => {
    const { cache, apply } = openCache({ role: 'agent', teamIds: [] })
    const row = alert()
    apply(put('alert', row))
    const broken = new AlertTeller({
      cache,
      notice: (notice) => {
        if (notice.kind === 'alert') throw new Error('the worker ends')
      },
      serverNowMs: () => 0,
    })
    expect(() => broken.live()).toThrow('the worker ends')
    expect(openAlerts(cache)).toMatchObject([{ isTold: false }])
  })
})

describe('a restart', () => {
  test('tells nothing again, and has the window of open escalations up', () => {
    const { receive, restart, said, teller, state } = open()
    const [breach, escalation] = [alert(), alert(ESCALATION)]
    receive(put('alert', breach), put('alert', escalation))
    restart()
    expect(state()).toEqual({
      kind: 'alert_state',
      open: 2,
      worst: 'escalation',
      escalations: 1,
      isPressing: true,
    })
    teller().live()
    expect(said()).toEqual([])
    receive(put('alert', ended(escalation)))
    expect(said()).toEqual([`alert_over ${escalation.id}`])
  })
})

test('who signs in again is shown what stands, though nothing of it has changed', () => {
  const { receive, notices, teller, state } = open()
  receive(put('alert', alert(ESCALATION)))
  notices.length = 0
  teller().start()
  expect(state()).toMatchObject({ open: 1, escalations: 1 })
})

describe('what was missed', () => {
  test('is summed up once the cache is up to date, without what is over', () => {
    const { receive, said, teller } = open({ isLive: false })
    const over = alert()
    receive(put('alert', alert()), put('alert', alert()), put('alert', alert({ kind: 'warning' })))
    receive(put('alert', over), put('alert', ended(over)))
    expect(said()).toEqual([])
    teller().live()
    expect(said()).toEqual(['missed 0 2 1'])
    teller().lineLost()
    teller().live()
    expect(said()).toEqual([])
  })

  test('tells escalations by themselves all the same, and a single one', () => {
    const { receive, said, teller } = open({ isLive: false })
    const escalation = alert(ESCALATION)
    receive(put('alert', escalation), put('alert', alert()))
    teller().live()
    expect(said()).toEqual(['missed 1 1 0', `alert ${escalation.id}`])
    teller().lineLost()
    const [one, two, three] = [alert(), alert(ESCALATION), alert(ESCALATION)]
    receive(put('alert', one))
    teller().live()
    expect(said()).toEqual([`alert ${one.id}`])
    teller().lineLost()
    receive(put('alert', two), put('alert', three))
    teller().live()
    expect(said().toSorted()).toEqual([`alert ${two.id}`, `alert ${three.id}`].toSorted())
  })

  test('comes with a fresh load, too, and what that did not bring is over', () => {
    const { cache, receive, said, teller } = open()
    const [gone, still, fresh] = [alert(), alert(), alert()]
    receive(put('alert', gone), put('alert', still))
    said()
    loadAfresh(cache, cursor(9), put('alert', still), put('alert', fresh))
    teller().live()
    expect(said()).toEqual([`alert_over ${gone.id}`, `alert ${fresh.id}`])
  })
})

describe('a storm', () => {
  const breaches = (count: number): AlertRow[] => Array.from({ length: count }, () => alert())

  test('takes the place of what was told one by one, and is told again when it has grown by half', () => {
    const { receive, said } = open()
    const rows = breaches(9)
    for (const row of rows.slice(0, 3)) receive(put('alert', row))
    expect(said()).toHaveLength(3)
    receive(put('alert', rows[3] as AlertRow))
    const told = said()
    expect(told.toSorted()).toEqual(
      [...rows.slice(0, 3).map(({ id }) => `alert_over ${id}`), 'storm breach 4'].toSorted(),
    )
    expect(told.at(-1)).toBe('storm breach 4')
    receive(put('alert', rows[4] as AlertRow))
    expect(said()).toEqual([])
    receive(put('alert', rows[5] as AlertRow))
    expect(said()).toEqual(['storm breach 6'])
    receive(...rows.slice(6).map((row) => put('alert', row)))
    expect(said()).toEqual(['storm breach 9'])
  })

  test('says within which time all of it falls', () => {
    const { receive, notices } = open()
    const dueAt = ['10:12:00', '10:15:30', '10:13:00', '10:14:00'].map(at)
    receive(
      ...dueAt.map((due) =>
        put('alert', alert({ kind: 'warning', raisedAt: at('10:10:00'), dueAt: due })),
      ),
    )
    expect(notices.find(({ kind }) => kind === 'alert_storm')).toMatchObject({
      alertKind: 'warning',
      minutes: 5,
    })
  })

  test('is over when all of it is; the next one is told anew', () => {
    const { receive, said, setTime } = open()
    const rows = breaches(4)
    receive(...rows.map((row) => put('alert', row)))
    expect(said()).toEqual(['storm breach 4'])
    receive(...rows.slice(1).map((row) => put('alert', ended(row))))
    expect(said()).toEqual([])
    receive(put('alert', ended(rows[0] as AlertRow)))
    expect(said()).toEqual(['alert_storm_over'])
    setTime('11:00:00')
    const later = breaches(4).map((row) => ({ ...row, raisedAt: at('11:00:00') }))
    receive(...later.map((row) => put('alert', row)))
    expect(said()).toEqual(['storm breach 4'])
  })

  test('that has shrunk is told again when it grows by half from there', () => {
    const { receive, said } = open()
    const rows = breaches(12)
    receive(...rows.slice(0, 8).map((row) => put('alert', row)))
    receive(...rows.slice(0, 4).map((row) => put('alert', ended(row))))
    expect(said()).toEqual(['storm breach 8'])
    receive(...rows.slice(8, 10).map((row) => put('alert', row)))
    expect(said()).toEqual(['storm breach 6'])
  })

  test('is never one of escalations', () => {
    const { receive, said } = open()
    const rows = Array.from({ length: 5 }, () => alert(ESCALATION))
    receive(...rows.map((row) => put('alert', row)))
    expect(said().toSorted()).toEqual(rows.map(({ id }) => `alert ${id}`).toSorted())
  })
})

describe('how it is told', () => {
  const QUIET = {
    quiet: { days: [4], from: '10:00', to: '12:00', timeZone: 'UTC' },
  } satisfies Partial<Preferences>

  test('is as the person wants it, and not at all what they switched off', () => {
    const { receive, prefer, notices, state } = open()
    prefer({ breach: { channel: 'app', sound: true }, warning: { channel: 'off', sound: false } })
    receive(put('alert', alert()), put('alert', alert({ kind: 'warning' })))
    expect(notices.filter(({ kind }) => kind === 'alert')).toMatchObject([
      { presentation: { channel: 'app', sound: false } },
      { presentation: { channel: 'off', sound: false } },
    ])
    expect(state()).toMatchObject({ open: 1, worst: 'breach', isPressing: false })
  })

  test('waits in the workstation through quiet hours, and is not told after them', () => {
    const { receive, prefer, notices, said, setTime, teller, state } = open()
    prefer(QUIET)
    receive(put('alert', alert()), put('alert', alert(ESCALATION)))
    expect(notices.filter(({ kind }) => kind === 'alert')).toMatchObject([
      { presentation: { channel: 'app', sound: false } },
      { alertKind: 'escalation', presentation: { channel: 'system', sound: true } },
    ])
    expect(state()).toMatchObject({ open: 2, isPressing: true })
    said()
    setTime('12:00:01')
    teller().applied(newApplied({ topics: ['alert'] }))
    expect(said()).toEqual([])
  })

  test('takes only newer wishes, and nobody else’s', () => {
    const { cache, prefer } = open()
    prefer(QUIET, 5)
    prefer({}, 4)
    expect(alertPreferencesOf(cache).quiet).toEqual(QUIET.quiet)
    const row = { id: someId(), version: 9, preferences: DEFAULTS }
    cache.applyItems([put('alert_preferences', row)])
    expect(alertPreferencesOf(cache).quiet).toEqual(QUIET.quiet)
  })
})
