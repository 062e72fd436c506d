import { beforeEach, describe, expect, it, vi } from 'vitest'

import type { Notice } from '../engine/protocol.ts'
import { Notification, resetElectron } from './electron.fake.ts'
import { recordLog } from './log.fake.ts'
import { ProblemNotifications, type ProblemNotificationsOptions } from './problem-notifications.ts'

vi.mock('electron', () => import('./electron.fake.ts'))

const STOPPED: Notice<'problems'>['problems'][number] = {
  problemId: 'p1',
  kind: 'channel_stopped',
  details: { channel: 'whatsapp', account: 'WhatsApp\n106540352242922', reason: '190' },
}

function open(options: Partial<ProblemNotificationsOptions> = {}) {
  const shown = vi.fn<() => void>()
  const notifications = new ProblemNotifications({
    language: () => 'es',
    showWindow: shown,
    log: recordLog(),
    ...options,
  })
  const tell = (...problems: Notice<'problems'>['problems']) =>
    notifications.notify({ kind: 'problems', problems })
  return { notifications, shown, tell }
}
const texts = () => Notification.open.map(({ title, body }) => `${title}. ${body}`)
const over = (problemId: string): Notice<'problem_over'> => ({ kind: 'problem_over', problemId })

beforeEach(resetElectron)

describe('a problem of the installation', () => {
  it.each([
    [
      'es',
      'Un canal no acepta mensajes. WhatsApp 106540352242922 rechaza todo lo que se envía. Las respuestas esperan.',
    ],
    [
      'en',
      'A channel takes no messages. WhatsApp 106540352242922 refuses everything that is sent. Replies are waiting.',
    ],
  ] as const)('is told in %s', (language, text) => {
    open({ language: () => language }).tell(STOPPED)
    expect(texts()).toEqual([text])
  })

  it('of a kind that this workstation does not know is told all the same', () => {
    open().tell({ problemId: 'p2', kind: 'other', details: {} })
    expect(texts()).toEqual([
      'Hay un problema en la instalación. Actualiza esta estación de trabajo para ver cuál es.',
    ])
  })

  it('goes when it is over, and with the person', () => {
    const { notifications, tell } = open()
    tell(STOPPED, { problemId: 'p2', kind: 'quarantine', details: { updates: 1 } })
    notifications.over(over('p1'))
    notifications.over(over('p1'))
    expect(texts()).toHaveLength(1)
    notifications.closeAll()
    expect(texts()).toEqual([])
  })

  it('is one notification with others where there are many, which goes with the last of them', () => {
    const { notifications, tell } = open()
    const ids = ['p1', 'p2', 'p3', 'p4']
    tell(...ids.map((problemId) => ({ ...STOPPED, problemId })))
    expect(texts()).toEqual(['Parley. Hay 4 problemas en la instalación.'])
    for (const id of ids.slice(1)) notifications.over(over(id))
    expect(texts()).toHaveLength(1)
    notifications.over(over('p1'))
    expect(texts()).toEqual([])
  })

  it('brings the window up by a click', () => {
    const { shown, tell } = open()
    tell(STOPPED)
    Notification.open[0]?.emit('click')
    expect(shown).toHaveBeenCalledOnce()
  })
})
