/** What can be brought before the person's eyes from outside of the page: a clicked notification, a link. */
export type OpenTarget =
  | { kind: 'conversation'; conversationId: string }
  | { kind: 'offer'; offerId: string }
  /** The alert centre. */
  | { kind: 'alerts' }

/**
 * Asks the page to open something. What comes before the page listens, because it still loads or nobody is
 * signed in, waits; the newest wins.
 */
export class PageOpener {
  readonly #send: (target: OpenTarget) => void
  #isListening = false
  #waiting: OpenTarget | null = null

  constructor(send: (target: OpenTarget) => void) {
    this.#send = send
  }

  open(target: OpenTarget): void {
    if (this.#isListening) this.#send(target)
    else this.#waiting = target
  }

  /** The page says which conversation it shows, which it does once it listens and not before. */
  pageListens(): void {
    this.#isListening = true
    const waiting = this.#waiting
    this.#waiting = null
    if (waiting !== null) this.#send(waiting)
  }

  /** The page loads anew, or its workspace is gone. */
  pageLeft(): void {
    this.#isListening = false
  }

  /** Whoever it waited for has signed out. */
  forget(): void {
    this.#waiting = null
  }
}
