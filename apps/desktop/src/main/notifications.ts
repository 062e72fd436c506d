import type { UiLanguage } from '@parley/contracts'

import type { Notice } from '../engine/protocol.ts'
import type { Log } from './log.ts'
import { oneLine } from './one-line.ts'
import type { Policy } from './policy.ts'
import { ShownNotifications } from './shown-notifications.ts'

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
/** The name of what tells of a burst. */
const GROUP = 'group'

const WORDS = {
  es: {
    assigned: 'Te asignaron una conversación.',
    message: 'Hay un mensaje nuevo.',
    assignedNamed: 'Te asignaron esta conversación.',
    messageNamed: 'Te escribió.',
    answerFailed: 'Una respuesta no le llegó al cliente.',
    answerFailedNamed: 'La respuesta no le llegó.',
    group: (count: number) => `${count} conversaciones te esperan.`,
  },
  en: {
    assigned: 'A conversation was assigned to you.',
    message: 'There is a new message.',
    assignedNamed: 'This conversation was assigned to you.',
    messageNamed: 'Wrote to you.',
    answerFailed: 'An answer did not reach the customer.',
    answerFailedNamed: 'The answer did not get through.',
    group: (count: number) => `${count} conversations are waiting for you.`,
  },
} as const satisfies Record<UiLanguage, unknown>

type OfConversation = 'assigned' | 'message' | 'answerFailed'

/**
 * What the operating system tells the person. At most one notification a conversation, none for what is before
 * their eyes, one for a burst. A customer's words are shown only where the policy says `full`.
 */
export class Notifications {
  readonly #options: NotificationsOptions
  /** By conversation, and the group. */
  readonly #shown: ShownNotifications
  #recent: { conversationId: string; at: number }[] = []
  readonly #grouped = new Set<string>()
  #settling: NodeJS.Timeout | null = null

  constructor(options: NotificationsOptions) {
    this.#options = options
    this.#shown = new ShownNotifications(options.log)
  }

  notify(notice: Notice<OfConversation>): void {
    const { conversationId } = notice
    if (!this.#shown.isSupported() || this.#options.isInView(conversationId)) return
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
    this.#shown.close(conversationId)
    this.#leaveGroup(conversationId)
  }

  /** Nobody is signed in any more: names of customers must not stay on the desktop. */
  closeAll(): void {
    if (this.#settling !== null) clearTimeout(this.#settling)
    this.#settling = null
    this.#recent = []
    this.#grouped.clear()
    this.#shown.closeAll()
  }

  #showOne(notice: Notice<OfConversation>): void {
    const { conversationId } = notice
    this.#shown.show(conversationId, this.#textOf(notice), {
      click: () => this.#options.openConversation(conversationId),
    })
  }

  /** Too many at once: they become one, told when the burst has settled. */
  #gather(): void {
    for (const { conversationId } of this.#recent) {
      this.#shown.close(conversationId)
      this.#grouped.add(conversationId)
    }
    this.#settling ??= setTimeout(() => {
      this.#settling = null
      this.#showGroup()
    }, SETTLE_MS)
  }

  #showGroup(): void {
    const count = this.#grouped.size
    if (count === 0) return this.#shown.close(GROUP)
    const body = WORDS[this.#options.language()].group(count)
    this.#shown.show(
      GROUP,
      { title: 'Parley', body },
      {
        click: () => {
          this.#grouped.clear()
          this.#options.showWindow()
        },
        gone: () => this.#grouped.clear(),
      },
    )
  }

  #textOf({ kind, customerName, text }: Notice<OfConversation>): {
    title: string
    body: string
  } {
    const words = WORDS[this.#options.language()]
    if (this.#options.content === 'none') return { title: 'Parley', body: words[kind] }
    const said = this.#options.content === 'full' && kind === 'message' ? oneLine(text ?? '') : ''
    return { title: oneLine(customerName) || 'Parley', body: said || words[`${kind}Named`] }
  }

  #leaveGroup(conversationId: string): void {
    if (this.#grouped.delete(conversationId) && this.#grouped.size === 0) this.#shown.close(GROUP)
  }
}
