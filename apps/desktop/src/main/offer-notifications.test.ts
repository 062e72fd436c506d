import { beforeEach, describe, expect, it, vi } from 'vitest'

import type { Notice } from '../engine/protocol.ts'
import { Notification, resetElectron } from './electron.fake.ts'
import { recordLog } from './log.fake.ts'
import { OfferNotifications, type OfferNotificationsOptions } from './offer-notifications.ts'

vi.mock('electron', () => import('./electron.fake.ts'))

const OFFER: Notice<'offer'> = {
  kind: 'offer',
  offerId: 'o1',
  customerName: 'Ofelia\nNarváez',
  teamName: 'Pagos',
  priority: 'urgent',
  expiresInMs: 27_400,
}

function open(options: Partial<OfferNotificationsOptions> = {}) {
  const log = recordLog()
  const opened: string[] = []
  const notifications = new OfferNotifications({
    content: 'name',
    language: () => 'es',
    isInView: () => false,
    openOffer: (id) => opened.push(id),
    log,
    ...options,
  })
  return { notifications, opened, log }
}
const texts = () => Notification.open.map(({ title, body }) => `${title}. ${body}`)

beforeEach(() => {
  resetElectron()
  vi.useFakeTimers()
  return () => vi.useRealTimers()
})

describe('an offer', () => {
  it.each([
    ['name', 'es', 'Oferta: Ofelia Narváez. Pagos, prioridad urgente. 28 s para aceptar.'],
    ['full', 'en', 'Offer: Ofelia Narváez. Pagos, urgent priority. 28 s to accept.'],
    ['none', 'es', 'Oferta. Pagos, prioridad urgente. 28 s para aceptar.'],
  ] as const)('by the policy %s in %s', (content, language, text) => {
    open({ content, language: () => language }).notifications.notify(OFFER)
    expect(texts()).toEqual([text])
  })

  it('is not told where its card is before the eyes', () => {
    open({ isInView: () => true }).notifications.notify(OFFER)
    expect(texts()).toEqual([])
  })

  it('goes when it is decided, when it ends, and with the person', () => {
    const { notifications } = open()
    notifications.notify(OFFER)
    notifications.notify({ ...OFFER, offerId: 'o2', expiresInMs: 5000 })
    notifications.notify({ ...OFFER, offerId: 'o3' })
    notifications.over('o1')
    expect(texts()).toHaveLength(2)
    vi.advanceTimersByTime(5000)
    expect(texts()).toHaveLength(1)
    notifications.closeAll()
    expect(texts()).toEqual([])
  })

  it('opens its card by a click, once', () => {
    const { notifications, opened } = open()
    notifications.notify(OFFER)
    Notification.open[0]?.emit('click')
    expect([opened, texts()]).toEqual([['o1'], []])
  })

  it('that the system did not show is in the log', () => {
    const { notifications, log } = open()
    notifications.notify(OFFER)
    Notification.open[0]?.emit('failed', {}, 'no daemon')
    expect(log.lines).toMatchObject([{ level: 'warn', details: { error: 'no daemon' } }])
  })
})
