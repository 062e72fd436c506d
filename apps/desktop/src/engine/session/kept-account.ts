import { type EngineHost, type StoredAccount } from '../host.ts'
import { CacheTrouble } from '../store/cache-trouble.ts'

/** Who used this device last, as its disk has it. Main logs why it cannot be written. */
export class KeptAccount {
  readonly #host: Pick<EngineHost, 'readAccount' | 'writeAccount'>
  #account: StoredAccount | null = null
  #isWritten = true

  constructor(host: Pick<EngineHost, 'readAccount' | 'writeAccount'>) {
    this.#host = host
  }

  get current(): StoredAccount | null {
    return this.#account
  }

  /** Holds for as long as the workstation runs, also where it cannot be written. */
  async keep(account: StoredAccount): Promise<void> {
    this.#account = account
    this.#isWritten = await this.#host.writeAccount(account).then(
      () => true,
      () => false,
    )
  }

  /** What could not be written, now perhaps. */
  async keepAgain(): Promise<void> {
    if (!this.#isWritten && this.#account !== null) await this.keep(this.#account)
  }

  /** @throws CacheTrouble `cannot_open` */
  async read(): Promise<StoredAccount | null> {
    if (!this.#isWritten) return this.#account
    try {
      this.#account = await this.#host.readAccount()
      return this.#account
    } catch (error) {
      throw new CacheTrouble('cannot_open', error)
    }
  }
}
