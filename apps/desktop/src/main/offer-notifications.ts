import type { UiLanguage } from '@parley/contracts'
import type { Priority } from '@parley/domain'

import type { Notice } from '../engine/protocol.ts'
import type { Log } from './log.ts'
import { oneLine } from './one-line.ts'
import type { Policy } from './policy.ts'
import { ShownNotifications } from './shown-notifications.ts'

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
  readonly #shown: ShownNotifications
  readonly #expiries = new Map<string, NodeJS.Timeout>()

  constructor(options: OfferNotificationsOptions) {
    this.#options = options
    this.#shown = new ShownNotifications(options.log)
  }

  notify(notice: Notice<'offer'>): void {
    const { offerId, expiresInMs } = notice
    if (this.#options.isInView()) return
    this.over(offerId)
    this.#expiries.set(
      offerId,
      setTimeout(() => this.over(offerId), expiresInMs),
    )
    this.#shown.show(offerId, this.#textOf(notice), {
      click: () => this.#options.openOffer(offerId),
    })
  }

  /** Decided, expired or withdrawn. */
  over(offerId: string): void {
    clearTimeout(this.#expiries.get(offerId))
    this.#expiries.delete(offerId)
    this.#shown.close(offerId)
  }

  closeAll(): void {
    for (const offerId of this.#expiries.keys()) this.over(offerId)
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
