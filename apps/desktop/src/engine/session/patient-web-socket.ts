/** As long as an answer may be silent (`patient-fetch.ts`). */
const OPENING_MS = 15_000

/**
 * A WebSocket that is given up, with an error as for any other failure, when it is not open after a while. By itself it
 * waits minutes for the answer to its greeting, in which the line may have died, and nothing pings a line that is not
 * open yet.
 */
export function patientWebSocket(openingMs = OPENING_MS): typeof WebSocket {
  return class extends WebSocket {
    constructor(...given: ConstructorParameters<typeof WebSocket>) {
      super(...given)
      const timer = setTimeout(() => this.close(), openingMs)
      for (const event of ['open', 'error']) this.addEventListener(event, () => clearTimeout(timer))
    }
  }
}
