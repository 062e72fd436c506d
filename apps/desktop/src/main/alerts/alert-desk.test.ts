import { beforeEach, expect, it, vi } from 'vitest'

import type { Notice } from '../../engine/protocol.ts'
import { BrowserWindow, Notification, Tray, app, resetElectron } from '../electron.fake.ts'
import { recordLog } from '../log.fake.ts'
import { AlertDesk, type AlertDeskOptions } from './alert-desk.ts'

vi.mock('electron', () => import('../electron.fake.ts'))

const ESCALATION: Notice<'alert'> = {
  kind: 'alert',
  alertId: 'a1',
  alertKind: 'escalation',
  level: 1,
  clock: 'escalation',
  conversationId: 'c1',
  customerName: 'Ofelia Narváez',
  teamName: 'Pagos',
  assigneeName: null,
  text: null,
  dueAtMs: 0,
  isOverdue: true,
  presentation: { channel: 'system', sound: true },
  mayTakeOver: true,
}
const STATE: Notice<'alert_state'> = {
  kind: 'alert_state',
  open: 1,
  worst: 'escalation',
  escalations: 1,
  isPressing: true,
}

function open({
  platform = 'linux',
  answer = { ok: true, value: null },
}: {
  platform?: NodeJS.Platform
  answer?: Awaited<ReturnType<AlertDeskOptions['askEngine']>>
} = {}) {
  const log = recordLog()
  const done: unknown[] = []
  const flashes: boolean[] = []
  const desk = new AlertDesk({
    window: {
      isFocused: () => false,
      flash: (isFlashing) => flashes.push(isFlashing),
      show: () => done.push('show'),
    },
    preload: '/preload.cjs',
    platform,
    content: 'name',
    language: () => 'es',
    isInView: () => false,
    openConversation: (id) => done.push(['open', id]),
    openAlerts: () => done.push('alerts'),
    askEngine: async (method, input) => {
      done.push([method, input])
      return answer
    },
    log,
  })
  desk.windowShown()
  return { desk, done, flashes, log }
}
const windows = () => BrowserWindow.all.filter(({ destroyed }) => !destroyed)

beforeEach(resetElectron)

it('tells of an escalation by everything that there is, and takes it all back with the person', () => {
  const { desk, flashes } = open()
  desk.tell(ESCALATION)
  desk.tell(STATE)
  expect([Notification.open.length, windows().length]).toEqual([1, 1])
  expect([app.badges, flashes, Tray.all[0]?.toolTip]).toEqual([
    [1],
    [true],
    'Parley: hay una escalación',
  ])
  desk.closeAll()
  expect([Notification.open.length, windows().length]).toEqual([0, 0])
  expect([app.badges, flashes, Tray.all[0]?.toolTip]).toEqual([[1, 0], [true, false], 'Parley'])
})

it('shows the window of an escalation that was told before a restart, without a notification', () => {
  const { desk } = open()
  desk.tell(STATE)
  expect([Notification.all.length, windows().length]).toEqual([0, 1])
  desk.tell({ ...STATE, open: 0, worst: 'none', escalations: 0, isPressing: false })
  expect(windows()).toHaveLength(0)
})

it('takes over and then opens, whether or not it could be taken', async () => {
  const { desk, done, log } = open({
    answer: { ok: false, error: { code: 'conflict', details: {} } },
  })
  desk.tell(ESCALATION)
  Notification.open[0]?.press('Tomar')
  await vi.waitFor(() => expect(done).toHaveLength(2))
  expect(done).toEqual([
    ['conversation.takeOver', { conversationId: 'c1' }],
    ['open', 'c1'],
  ])
  expect(log.lines).toMatchObject([{ level: 'warn', details: { code: 'conflict' } }])
})

it('acknowledges without bringing anything up', async () => {
  const { desk, done } = open()
  desk.tell(ESCALATION)
  Notification.open[0]?.press('Acusar recibo')
  await vi.waitFor(() => expect(done).toEqual([['alerts.acknowledge', { alertId: 'a1' }]]))
})

it('outlives the workstation’s window on macOS, and elsewhere does not keep the app from ending', () => {
  for (const [platform, left] of [
    ['darwin', 1],
    ['linux', 0],
    ['win32', 0],
  ] as const) {
    BrowserWindow.all = []
    const { desk } = open({ platform })
    desk.tell(STATE)
    desk.windowClosed()
    expect([platform, windows().length]).toEqual([platform, left])
  }
})
