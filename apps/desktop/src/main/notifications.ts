import type { UiLanguage } from '@parley/contracts'
import { Notification } from 'electron'

import type { Notice } from '../engine/protocol.ts'
import type { Log } from './log.ts'
import { oneLine } from './one-line.ts'
import type { Policy } from './policy.ts'

export interface NotificationsOptions {
  content: Policy['notificationContent']
  language(): UiLanguage
  /** Whether the person has this conversation before their eyes. */
  isInView(conversationId: string): boolean
  openConversation(conversationId: string): void
  showWindow(): void
  log: Log
}

/** More conversations than this within the time are told in one notification. */
const MOST_SINGLE = 3
const BURST_MS = 2_000
/** A burst is told once it had time to arrive; its notification is not replaced more often than this. */
const SETTLE_MS = 500
/** Windows keeps what timed out in its action centre, still to be clicked: kept as long, up to this many. */
const MOST_KEPT = 50

const WORDS = {
  es: {
    assigned: 'Te asignaron una conversación.',
    message: 'Hay un mensaje nuevo.',
    assignedNamed: 'Te asignaron esta conversación.',
    messageNamed: 'Te escribió.',
    group: (count: number) => `${count} conversaciones te esperan.`,
  },
  en: {
    assigned: 'A conversation was assigned to you.',
    message: 'There is a new message.',
    assignedNamed: 'This conversation was assigned to you.',
    messageNamed: 'Wrote to you.',
    group: (count: number) => `${count} conversations are waiting for you.`,
  },
} as const satisfies Record<UiLanguage, unknown>

/**
 * What the operating system tells the person. At most one notification a conversation, none for what is before
 * their eyes, one for a burst. A customer's words are shown only where the policy says `full`.
 */
export class Notifications {
  readonly #options: NotificationsOptions
  /** By conversation. Electron forgets a notification that nobody holds, and with it the click. */
  readonly #shown = new Map<string, Notification>()
  #recent: { conversationId: string; at: number }[] = []
  #group: Notification | null = null
  readonly #grouped = new Set<string>()
  #settling: NodeJS.Timeout | null = null
  #isUnsupportedKnown = false

  constructor(options: NotificationsOptions) {
    this.#options = options
  }

  notify(notice: Notice<'assigned' | 'message'>): void {
    const { conversationId } = notice
    if (!this.#isSupported() || this.#options.isInView(conversationId)) return
    const now = Date.now()
    this.#recent = this.#recent
      .filter((one) => now - one.at < BURST_MS && one.conversationId !== conversationId)
      .concat({ conversationId, at: now })
    if (this.#recent.length > MOST_SINGLE || this.#settling !== null) {
      this.#gather()
      return
    }
    this.#leaveGroup(conversationId)
    this.#showOne(notice)
  }

  /** The person has it before their eyes now: what was said of it is over. */
  seen(conversationId: string): void {
    this.#close(conversationId)
    this.#leaveGroup(conversationId)
  }

  /** Nobody is signed in any more: names of customers must not stay on the desktop. */
  closeAll(): void {
    if (this.#settling !== null) clearTimeout(this.#settling)
    this.#settling = null
    this.#recent = []
    for (const conversationId of this.#shown.keys()) this.#close(conversationId)
    this.#closeGroup()
  }

  #showOne(notice: Notice<'assigned' | 'message'>): void {
    const { conversationId } = notice
    this.#close(conversationId)
    const notification = new Notification(this.#textOf(notice))
    this.#shown.set(conversationId, notification)
    const forget = (): void => {
      if (this.#shown.get(conversationId) === notification) this.#shown.delete(conversationId)
    }
    this.#watch(notification, forget, () => {
      this.#close(conversationId)
      this.#options.openConversation(conversationId)
    })
    notification.show()
    this.#limit()
  }

  /** Too many at once: they become one, told when the burst has settled. */
  #gather(): void {
    for (const { conversationId } of this.#recent) {
      this.#close(conversationId)
      this.#grouped.add(conversationId)
    }
    this.#settling ??= setTimeout(() => {
      this.#settling = null
      this.#showGroup()
    }, SETTLE_MS)
  }

  #showGroup(): void {
    const count = this.#grouped.size
    this.#group?.close()
    this.#group = null
    if (count === 0) return
    const body = WORDS[this.#options.language()].group(count)
    const notification = new Notification({ title: 'Parley', body })
    this.#group = notification
    const forget = (): void => {
      if (this.#group !== notification) return
      this.#group = null
      this.#grouped.clear()
    }
    this.#watch(notification, forget, () => {
      this.#closeGroup()
      this.#options.showWindow()
    })
    notification.show()
  }

  #watch(notification: Notification, forget: () => void, click: () => void): void {
    notification.on('click', click)
    notification.on('close', ({ reason }) => {
      // What timed out may still lie in a list of the system's, waiting for a click.
      if (reason !== 'timedOut') forget()
    })
    notification.on('failed', (_event, error) => {
      this.#options.log.warn('the system did not show a notification', { error })
      forget()
    })
  }

  #textOf({ kind, customerName, text }: Notice<'assigned' | 'message'>): {
    title: string
    body: string
  } {
    const words = WORDS[this.#options.language()]
    if (this.#options.content === 'none') return { title: 'Parley', body: words[kind] }
    const said = this.#options.content === 'full' && kind === 'message' ? oneLine(text ?? '') : ''
    return { title: oneLine(customerName) || 'Parley', body: said || words[`${kind}Named`] }
  }

  #leaveGroup(conversationId: string): void {
    if (this.#grouped.delete(conversationId) && this.#grouped.size === 0) this.#closeGroup()
  }

  #limit(): void {
    for (const oldest of this.#shown.keys()) {
      if (this.#shown.size <= MOST_KEPT) return
      this.#close(oldest)
    }
  }

  #close(conversationId: string): void {
    const notification = this.#shown.get(conversationId)
    this.#shown.delete(conversationId)
    notification?.close()
  }

  #closeGroup(): void {
    const group = this.#group
    this.#group = null
    this.#grouped.clear()
    group?.close()
  }

  #isSupported(): boolean {
    if (Notification.isSupported()) return true
    if (!this.#isUnsupportedKnown) this.#options.log.warn('this desktop shows no notifications')
    this.#isUnsupportedKnown = true
    return false
  }
}
