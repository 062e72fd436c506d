/**
 * Brings a conversation before the person's eyes from outside of the page: a clicked notification, a link. What
 * comes before the page listens, because it still loads or nobody is signed in, waits; the newest wins.
 */
export class ConversationOpener {
  readonly #send: (conversationId: string) => void
  #isListening = false
  #waiting: string | null = null

  constructor(send: (conversationId: string) => void) {
    this.#send = send
  }

  open(conversationId: string): void {
    if (this.#isListening) this.#send(conversationId)
    else this.#waiting = conversationId
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
