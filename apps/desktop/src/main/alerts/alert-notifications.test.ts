import { beforeEach, describe, expect, it, vi } from 'vitest'

import type { Notice } from '../../engine/protocol.ts'
import { Notification, resetElectron } from '../electron.fake.ts'
import { recordLog } from '../log.fake.ts'
import { AlertNotifications, type AlertNotificationsOptions } from './alert-notifications.ts'

vi.mock('electron', () => import('../electron.fake.ts'))

const ALOUD = { channel: 'system', sound: true } as const
const BREACH: Notice<'alert'> = {
  kind: 'alert',
  alertId: 'a1',
  alertKind: 'breach',
  level: null,
  clock: 'first_response',
  conversationId: 'c1',
  customerName: 'Ofelia\nNarváez',
  teamName: 'Pagos',
  assigneeName: 'Ana Ruiz',
  text: 'mi tarjeta es 4417',
  dueAtMs: new Date(2026, 10, 20, 9, 42).getTime(),
  isOverdue: true,
  presentation: ALOUD,
  mayTakeOver: true,
}
const ESCALATION: Notice<'alert'> = {
  ...BREACH,
  alertKind: 'escalation',
  clock: 'escalation',
  level: 1,
}
const STORM: Notice<'alert_storm'> = {
  kind: 'alert_storm',
  key: 'breach:pagos',
  alertKind: 'breach',
  teamName: 'Pagos',
  count: 8,
  minutes: 5,
  presentation: ALOUD,
}
const MISSED: Notice<'alerts_missed'> = {
  kind: 'alerts_missed',
  escalations: 1,
  breaches: 2,
  warnings: 0,
  presentation: ALOUD,
}

function open(options: Partial<AlertNotificationsOptions> = {}) {
  const log = recordLog()
  const done: string[] = []
  const inView = new Set<string>()
  const notifications = new AlertNotifications({
    content: 'name',
    language: () => 'es',
    isInView: (id) => inView.has(id),
    openConversation: (id) => done.push(`open ${id}`),
    openAlerts: () => done.push('alerts'),
    takeOver: (id) => done.push(`take ${id}`),
    acknowledge: (id) => done.push(`acknowledge ${id}`),
    log,
    ...options,
  })
  return { notifications, done, inView, log }
}
const texts = () => Notification.open.map(({ title, body }) => `${title}. ${body}`)

beforeEach(() => {
  resetElectron()
  vi.useFakeTimers({ now: new Date(2026, 10, 20, 10, 0) })
  return () => vi.useRealTimers()
})

describe('what is said', () => {
  it.each([
    [
      'name',
      'es',
      BREACH,
      'Vencida: Ofelia Narváez. 1.ª respuesta: venció a las 9:42. Pagos, Ana Ruiz.',
    ],
    [
      'full',
      'en',
      BREACH,
      'Overdue: Ofelia Narváez. First response: was due at 9:42. Pagos, Ana Ruiz. mi tarjeta es 4417',
    ],
    ['none', 'es', BREACH, 'Vencida. 1.ª respuesta: venció a las 9:42. Pagos.'],
    [
      'name',
      'en',
      { ...ESCALATION, assigneeName: null, teamName: '' },
      'Escalation: Ofelia Narváez. Response: was due at 9:42. unassigned.',
    ],
    [
      'name',
      'es',
      { ...BREACH, alertKind: 'warning', isOverdue: false, clock: 'resolution', customerName: '' },
      'Por vencer. Resolución: vence a las 9:42. Pagos, Ana Ruiz.',
    ],
  ] as const)('%s, %s: %#', (content, language, notice, text) => {
    open({ content, language: () => language }).notifications.tellAlert(notice)
    expect(texts()).toEqual([text])
  })

  it('names the day of another day', () => {
    vi.setSystemTime(new Date(2026, 10, 25, 12))
    const dueAtMs = new Date(2026, 10, 23, 9, 5).getTime()
    open({ language: () => 'en' }).notifications.tellAlert({ ...BREACH, dueAtMs, isOverdue: false })
    expect(texts()[0]).toContain('due on Mon 23 at 9:05')
  })

  it.each([
    ['es', STORM, 'Parley. 8 conversaciones de Pagos vencieron en 5 min.'],
    [
      'en',
      { ...STORM, alertKind: 'warning', teamName: '' },
      'Parley. 8 conversations are due within 5 min.',
    ],
  ] as const)('of a storm, %s: %#', (language, notice, text) => {
    open({ language: () => language }).notifications.tellStorm(notice)
    expect(texts()).toEqual([text])
  })

  it.each([
    ['es', MISSED, 'Mientras no había conexión. 1 escalación, 2 vencidas.'],
    [
      'en',
      { ...MISSED, warnings: 3 },
      'While there was no connection. 1 escalation, 2 overdue, 3 due soon.',
    ],
  ] as const)('of what was missed, %s: %#', (language, notice, text) => {
    open({ language: () => language }).notifications.tellMissed(notice)
    expect(texts()).toEqual([text])
  })
})

describe('how loud it is', () => {
  it.each([
    ['escalation', { urgency: 'critical', timeoutType: 'never', silent: false }],
    ['breach', { urgency: 'normal', timeoutType: 'default', silent: false }],
    ['warning', { urgency: 'low', timeoutType: 'default', silent: false }],
  ] as const)('%s', (alertKind, loudness) => {
    open().notifications.tellAlert({ ...BREACH, alertKind })
    expect(Notification.open[0]?.options).toMatchObject(loudness)
  })

  it('has no sound where the person wants none, and is not shown where they want none of it', () => {
    const { notifications } = open()
    notifications.tellAlert({ ...BREACH, presentation: { channel: 'system', sound: false } })
    expect(Notification.open[0]?.options.silent).toBe(true)
    notifications.closeAll()
    for (const channel of ['app', 'off'] as const) {
      const presentation = { channel, sound: false }
      notifications.tellAlert({ ...BREACH, alertId: channel, presentation })
      notifications.tellStorm({ ...STORM, presentation })
      notifications.tellMissed({ ...MISSED, presentation })
    }
    expect(texts()).toEqual([])
  })

  it('says nothing of a conversation before the person’s eyes, but for an escalation', () => {
    const { notifications, inView } = open()
    inView.add('c1')
    notifications.tellAlert(BREACH)
    expect(texts()).toEqual([])
    notifications.tellAlert({ ...ESCALATION, alertId: 'a2' })
    expect(texts()).toHaveLength(1)
  })
})

describe('once', () => {
  it('is enough, whatever the engine repeats; a level higher is news', () => {
    const { notifications } = open()
    notifications.tellAlert(ESCALATION)
    Notification.open[0]?.close()
    notifications.tellAlert(ESCALATION)
    expect(texts()).toEqual([])
    notifications.tellAlert({ ...ESCALATION, level: 2 })
    expect(texts()).toHaveLength(1)
  })

  it('of a storm, the newest number alone', () => {
    const { notifications } = open()
    notifications.tellStorm(STORM)
    notifications.tellStorm({ ...STORM, count: 12 })
    expect(texts()).toEqual(['Parley. 12 conversaciones de Pagos vencieron en 5 min.'])
    notifications.over(STORM.key)
    expect(texts()).toEqual([])
  })
})

describe('it goes', () => {
  it('when the alert is over, and with the person', () => {
    const { notifications } = open()
    notifications.tellAlert(BREACH)
    notifications.tellAlert({ ...BREACH, alertId: 'a2', conversationId: 'c2' })
    notifications.over('a1')
    expect(Notification.open).toHaveLength(1)
    notifications.closeAll()
    expect(Notification.open).toHaveLength(0)
  })

  it('when the conversation is seen; an escalation asks for an answer', () => {
    const { notifications } = open()
    notifications.tellAlert(BREACH)
    notifications.tellAlert({ ...ESCALATION, alertId: 'a2' })
    notifications.seen('c2')
    expect(Notification.open).toHaveLength(2)
    notifications.seen('c1')
    expect(texts()[0]).toMatch(/^Escalación/)
    expect(Notification.open).toHaveLength(1)
  })

  it('down to the newest fifty', () => {
    const { notifications } = open()
    for (let id = 0; id < 60; id++) notifications.tellAlert({ ...BREACH, alertId: String(id) })
    expect(Notification.open).toHaveLength(50)
  })
})

describe('an answer', () => {
  it.each([
    ['Abrir', 'open c1'],
    ['Tomar', 'take c1'],
    ['Acusar recibo', 'acknowledge a1'],
  ])('to an escalation: %s', (button, answer) => {
    const { notifications, done } = open()
    notifications.tellAlert(ESCALATION)
    Notification.open[0]?.press(button)
    expect([done, texts()]).toEqual([[answer], []])
  })

  it('has the buttons that can be pressed, in the language of the rest', () => {
    const { notifications } = open({ language: () => 'en' })
    notifications.tellAlert({ ...ESCALATION, mayTakeOver: false })
    notifications.tellAlert({ ...BREACH, alertId: 'a2' })
    notifications.tellAlert({ ...BREACH, alertId: 'a3', alertKind: 'warning' })
    expect(Notification.open.map(({ buttons }) => buttons)).toEqual([
      ['Open', 'Acknowledge'],
      ['Open', 'Acknowledge'],
      [],
    ])
  })

  it('by a click opens the conversation, also from the list of the system; of many, all alerts', () => {
    const { notifications, done } = open()
    notifications.tellAlert(BREACH)
    const [notification] = Notification.all
    notification?.emit('close', { reason: 'timedOut' })
    notification?.emit('click')
    notifications.tellStorm(STORM)
    Notification.open[0]?.emit('click')
    notifications.tellMissed(MISSED)
    Notification.open[0]?.emit('click')
    expect([done, texts()]).toEqual([['open c1', 'alerts', 'alerts'], []])
  })
})

it('is silent, with one line in the log, on a desktop without notifications', () => {
  Notification.supported = false
  const { notifications, log } = open()
  notifications.tellAlert(BREACH)
  notifications.tellStorm(STORM)
  expect(Notification.all).toEqual([])
  expect(log.lines).toHaveLength(1)
})

it('logs what the system did not show', () => {
  const { notifications, log } = open()
  notifications.tellAlert(BREACH)
  Notification.all[0]?.emit('failed', {}, 'no daemon')
  expect(log.lines).toMatchObject([{ level: 'warn', details: { error: 'no daemon' } }])
})
