import { Notification, type NotificationConstructorOptions } from 'electron'

import type { Log } from './log.ts'

/** Windows keeps what timed out in its list, still to be clicked: kept as long, up to this many. */
const MOST_KEPT = 50

export interface NotificationAnswers {
  click(): void
  /** One of its `actions`, by their order. */
  press?(index: number): void
  /** Put away by the person or the system, not by us. */
  gone?(): void
}

/**
 * Linux reads the body as markup: what a customer writes would be bold, a picture from elsewhere, or, with a lone "<",
 * nothing at all. Every server in use there says that it does; the title is text everywhere.
 */
function asText(body: string): string {
  if (process.platform !== 'linux') return body
  return body.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** What the operating system shows of Parley, one of a name. Electron forgets what nobody holds, and its click. */
export class ShownNotifications {
  readonly #log: Log
  readonly #shown = new Map<string, Notification>()
  #isUnsupportedKnown = false

  constructor(log: Log) {
    this.#log = log
  }

  isSupported(): boolean {
    if (Notification.isSupported()) return true
    if (!this.#isUnsupportedKnown) this.#log.warn('this desktop shows no notifications')
    this.#isUnsupportedKnown = true
    return false
  }

  /** Takes the place of what was shown under this name. */
  show(name: string, what: NotificationConstructorOptions, answers: NotificationAnswers): void {
    if (!this.isSupported()) return
    this.close(name)
    const notification = new Notification({ ...what, body: asText(what.body ?? '') })
    this.#shown.set(name, notification)
    const forget = (): void => {
      if (this.#shown.get(name) !== notification) return
      this.#shown.delete(name)
      answers.gone?.()
    }
    notification.on('click', () => {
      this.close(name)
      answers.click()
    })
    notification.on('action', ({ actionIndex }) => {
      this.close(name)
      answers.press?.(actionIndex)
    })
    notification.on('close', ({ reason }) => {
      // What timed out may still lie in a list of the system's, waiting for a click.
      if (reason !== 'timedOut') forget()
    })
    notification.on('failed', (_event, error) => {
      this.#log.warn('the system did not show a notification', { error })
      forget()
    })
    notification.show()
    for (const oldest of this.#shown.keys()) {
      if (this.#shown.size <= MOST_KEPT) return
      this.close(oldest)
    }
  }

  close(name: string): void {
    const notification = this.#shown.get(name)
    this.#shown.delete(name)
    notification?.close()
  }

  closeAll(): void {
    for (const name of this.#shown.keys()) this.close(name)
  }
}
