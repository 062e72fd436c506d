import type { UiLanguage } from '@parley/contracts'
import type { Priority } from '@parley/domain'
import { Notification } from 'electron'

import type { Notice } from '../engine/protocol.ts'
import type { Log } from './log.ts'
import { oneLine } from './one-line.ts'
import type { Policy } from './policy.ts'

export interface OfferNotificationsOptions {
  content: Policy['notificationContent']
  language(): UiLanguage
  /** Whether the window has the focus: the offer's card is before the person's eyes then. */
  isInView(): boolean
  openOffer(offerId: string): void
  log: Log
}

const WORDS = {
  es: {
    title: 'Oferta',
    priority: { urgent: 'urgente', high: 'alta', normal: 'normal', low: 'baja' },
    body: (team: string, priority: string, seconds: number) =>
      `${team}, prioridad ${priority}. ${seconds} s para aceptar.`,
  },
  en: {
    title: 'Offer',
    priority: { urgent: 'urgent', high: 'high', normal: 'normal', low: 'low' },
    body: (team: string, priority: string, seconds: number) =>
      `${team}, ${priority} priority. ${seconds} s to accept.`,
  },
} as const satisfies Record<
  UiLanguage,
  { title: string; priority: Record<Priority, string>; body: unknown }
>

/** Offers as the operating system tells them: one notification each, gone when the offer is. */
export class OfferNotifications {
  readonly #options: OfferNotificationsOptions
  /** Electron forgets a notification that nobody holds, and with it the click. */
  readonly #shown = new Map<string, { notification: Notification; expiry: NodeJS.Timeout }>()

  constructor(options: OfferNotificationsOptions) {
    this.#options = options
  }

  notify(notice: Notice<'offer'>): void {
    const { offerId, expiresInMs } = notice
    if (!Notification.isSupported() || this.#options.isInView()) return
    this.over(offerId)
    const notification = new Notification(this.#textOf(notice))
    const expiry = setTimeout(() => this.over(offerId), expiresInMs)
    this.#shown.set(offerId, { notification, expiry })
    notification.on('click', () => {
      this.over(offerId)
      this.#options.openOffer(offerId)
    })
    notification.on('failed', (_event, error) => {
      this.#options.log.warn('the system did not show a notification', { error })
      this.over(offerId)
    })
    notification.show()
  }

  /** Decided, expired or withdrawn. */
  over(offerId: string): void {
    const shown = this.#shown.get(offerId)
    if (shown === undefined) return
    this.#shown.delete(offerId)
    clearTimeout(shown.expiry)
    shown.notification.close()
  }

  closeAll(): void {
    for (const offerId of this.#shown.keys()) this.over(offerId)
  }

  #textOf({ customerName, teamName, priority, expiresInMs }: Notice<'offer'>) {
    const words = WORDS[this.#options.language()]
    const name = this.#options.content === 'none' ? '' : oneLine(customerName)
    return {
      title: name === '' ? words.title : `${words.title}: ${name}`,
      body: words.body(teamName, words.priority[priority], Math.ceil(expiresInMs / 1000)),
    }
  }
}
