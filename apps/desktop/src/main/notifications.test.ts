import { beforeEach, describe, expect, it, vi } from 'vitest'

import { Notification, resetElectron } from './electron.fake.ts'
import { recordLog } from './log.fake.ts'
import { Notifications, type NotificationsOptions } from './notifications.ts'

vi.mock('electron', () => import('./electron.fake.ts'))

function open(options: Partial<NotificationsOptions> = {}) {
  const log = recordLog()
  const opened: string[] = []
  const showWindow = vi.fn<() => void>()
  const inView = new Set<string>()
  const notifications = new Notifications({
    content: 'name',
    language: () => 'es',
    isInView: (id) => inView.has(id),
    openConversation: (id) => opened.push(id),
    showWindow,
    log,
    ...options,
  })
  const notify = (
    conversationId: string,
    kind: Parameters<Notifications['notify']>[0]['kind'] = 'message',
  ) =>
    notifications.notify({
      kind,
      conversationId,
      customerName: `Customer ${conversationId}`,
      text: 'my card is 4417',
    })
  return { notifications, notify, opened, showWindow, inView, log }
}

const texts = () => Notification.open.map(({ title, body }) => `${title}: ${body}`)

beforeEach(() => {
  resetElectron()
  vi.useFakeTimers()
  return () => vi.useRealTimers()
})

describe('what is said', () => {
  it.each([
    ['name', 'es', 'message', 'Customer a: Te escribió.'],
    ['name', 'es', 'assigned', 'Customer a: Te asignaron esta conversación.'],
    ['name', 'en', 'message', 'Customer a: Wrote to you.'],
    ['full', 'en', 'message', 'Customer a: my card is 4417'],
    ['full', 'es', 'answerFailed', 'Customer a: La respuesta no le llegó.'],
    ['none', 'en', 'answerFailed', 'Parley: An answer did not reach the customer.'],
    ['full', 'en', 'assigned', 'Customer a: This conversation was assigned to you.'],
    ['none', 'es', 'message', 'Parley: Hay un mensaje nuevo.'],
    ['none', 'en', 'assigned', 'Parley: A conversation was assigned to you.'],
  ] as const)('%s, %s, %s', (content, language, kind, text) => {
    open({ content, language: () => language }).notify('a', kind)
    expect(texts()).toEqual([text])
  })

  it('keeps a name to one short line', () => {
    const { notifications } = open()
    const customerName = `  Ana\n\u202eB\u0007 ${'x'.repeat(200)}`
    notifications.notify({ kind: 'message', conversationId: 'a', customerName, text: null })
    const title = Notification.open[0]?.title ?? ''
    expect(title).toMatch(/^Ana B x+…$/)
    expect(title).toHaveLength(80)
  })
})

describe('on Linux, where bodies are markup', () => {
  const { platform } = process
  beforeEach(() => {
    Object.defineProperty(process, 'platform', { value: 'linux' })
    return () => Object.defineProperty(process, 'platform', { value: platform })
  })

  it('a customer’s words are shown as they wrote them', () => {
    const { notifications } = open({ content: 'full' })
    notifications.notify({
      kind: 'message',
      conversationId: 'a',
      customerName: 'A & B',
      text: '1 < 2 & <b>no</b>',
    })
    expect(texts()).toEqual(['A & B: 1 &lt; 2 &amp; &lt;b&gt;no&lt;/b&gt;'])
  })
})

describe('when', () => {
  it('says nothing of what is in view', () => {
    const { notify, inView } = open()
    inView.add('a')
    notify('a')
    notify('b')
    expect(texts()).toEqual(['Customer b: Te escribió.'])
  })

  it('says one thing of a conversation: the newest', () => {
    const { notify } = open()
    notify('a', 'assigned')
    vi.advanceTimersByTime(5_000)
    notify('a', 'message')
    expect(texts()).toEqual(['Customer a: Te escribió.'])
  })

  it('takes back what was said once the conversation is seen', () => {
    const { notifications, notify } = open()
    notify('a')
    notify('b')
    notifications.seen('a')
    expect(texts()).toEqual(['Customer b: Te escribió.'])
  })

  it('takes all back when nobody is signed in any more, a burst that settles too', () => {
    const { notifications, notify } = open()
    notify('z')
    vi.advanceTimersByTime(3_000)
    for (const id of ['a', 'b', 'c', 'd']) notify(id)
    notifications.closeAll()
    vi.advanceTimersByTime(5_000)
    expect(texts()).toEqual([])
  })

  it('gives the next person a burst of their own', () => {
    const { notifications, notify } = open()
    for (const id of ['a', 'b', 'c', 'd']) notify(id)
    notifications.closeAll()
    vi.advanceTimersByTime(400)
    for (const id of ['e', 'f', 'g', 'h']) notify(id)
    vi.advanceTimersByTime(200)
    expect(texts()).toEqual([])
    vi.advanceTimersByTime(300)
    expect(texts()).toEqual(['Parley: 4 conversaciones te esperan.'])
  })

  it('is silent, with one line in the log, on a desktop without notifications', () => {
    Notification.supported = false
    const { notify, log } = open()
    notify('a')
    notify('b')
    expect(Notification.all).toEqual([])
    expect(log.lines).toHaveLength(1)
  })
})

describe('a burst', () => {
  it('is still single up to three within two seconds', () => {
    const { notify } = open()
    for (const id of ['a', 'b', 'c']) notify(id)
    vi.advanceTimersByTime(2_000)
    notify('d')
    expect(texts()).toHaveLength(4)
  })

  it('becomes one notification from the fourth on', () => {
    const { notify } = open()
    for (const id of ['a', 'b', 'c', 'd', 'e']) notify(id)
    expect(texts()).toEqual([])
    vi.advanceTimersByTime(500)
    expect(texts()).toEqual(['Parley: 5 conversaciones te esperan.'])
  })

  it('counts conversations and not messages', () => {
    const { notify } = open()
    for (let message = 0; message < 10; message++) notify('a')
    vi.advanceTimersByTime(500)
    expect(texts()).toEqual(['Customer a: Te escribió.'])
  })

  it('grows while it goes on, in one place', () => {
    const { notify } = open()
    for (const id of ['a', 'b', 'c', 'd']) notify(id)
    vi.advanceTimersByTime(600)
    notify('e')
    vi.advanceTimersByTime(500)
    expect(texts()).toEqual(['Parley: 5 conversaciones te esperan.'])
  })

  it('does not swallow what a member says later', () => {
    const { notify } = open()
    for (const id of ['a', 'b', 'c', 'd']) notify(id)
    vi.advanceTimersByTime(60_000)
    notify('b')
    expect(texts()).toContain('Customer b: Te escribió.')
  })

  it('is over when each of its conversations was seen', () => {
    const { notifications, notify } = open()
    for (const id of ['a', 'b', 'c', 'd']) notify(id)
    vi.advanceTimersByTime(500)
    for (const id of ['a', 'b', 'c']) notifications.seen(id)
    expect(texts()).toHaveLength(1)
    notifications.seen('d')
    expect(texts()).toEqual([])
  })

  it('shows the window when clicked', () => {
    const { notify, opened, showWindow } = open()
    for (const id of ['a', 'b', 'c', 'd']) notify(id)
    vi.advanceTimersByTime(500)
    Notification.open[0]?.emit('click')
    expect(showWindow).toHaveBeenCalledOnce()
    expect([opened, texts()]).toEqual([[], []])
  })
})

describe('a click', () => {
  it('opens the conversation, once', () => {
    const { notify, opened } = open()
    notify('a')
    Notification.open[0]?.emit('click')
    expect(opened).toEqual(['a'])
    expect(texts()).toEqual([])
  })

  it('still opens it after the notification timed out into the list of the system', () => {
    const { notifications, notify, opened } = open()
    notify('a')
    const notification = Notification.all[0]
    notification?.emit('close', { reason: 'timedOut' })
    notification?.emit('click')
    expect(opened).toEqual(['a'])
    notify('a')
    Notification.all[1]?.emit('close', { reason: 'timedOut' })
    notifications.seen('a')
    expect(Notification.all[1]?.state).toBe('closed')
  })

  it('of a hundred only the newest fifty are kept', () => {
    const { notify } = open()
    for (let id = 0; id < 100; id++) {
      notify(String(id))
      vi.advanceTimersByTime(1_000)
    }
    expect(Notification.open).toHaveLength(50)
  })
})

it('logs what the system did not show', () => {
  const { notify, log } = open()
  notify('a')
  Notification.all[0]?.emit('failed', {}, 'no daemon')
  expect(log.lines).toMatchObject([{ level: 'warn', details: { error: 'no daemon' } }])
})
