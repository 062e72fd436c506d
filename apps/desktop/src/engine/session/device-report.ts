import { type DeviceState } from '@parley/domain'

import { Refusal, type ServerClient } from './server-client.ts'

/** A report that did not arrive is repeated after this long, while there is a line. */
const REPEAT_MS = 5000

/**
 * Tells the server whether somebody is before this workstation. The server forgets with the connection, so
 * the last state is told again over every new line, and until it has arrived.
 */
export class DeviceReport {
  #state: DeviceState = 'active'
  #client: Pick<ServerClient, 'ask'> | null = null
  /** What the server has been told over this line. */
  #told: DeviceState | null = null
  #telling = false
  #repeat: NodeJS.Timeout | undefined

  set(state: DeviceState): void {
    this.#state = state
    void this.#tell()
  }

  /** A line that works now; null: there is none. */
  connect(client: Pick<ServerClient, 'ask'> | null): void {
    clearTimeout(this.#repeat)
    this.#client = client
    this.#told = null
    void this.#tell()
  }

  async #tell(): Promise<void> {
    if (this.#telling) return
    this.#telling = true
    clearTimeout(this.#repeat)
    while (this.#client !== null && this.#told !== this.#state) {
      const [client, state] = [this.#client, this.#state]
      const hasArrived = await report(client, state)
      // Told over a line that is gone is not told.
      if (client !== this.#client) continue
      if (!hasArrived) {
        this.#repeat = setTimeout(() => void this.#tell(), REPEAT_MS)
        break
      }
      this.#told = state
    }
    this.#telling = false
  }
}

async function report(client: Pick<ServerClient, 'ask'>, state: DeviceState): Promise<boolean> {
  try {
    await client.ask((trpc) => trpc.presence.report.mutate({ state }))
    return true
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}
