import { createHash } from 'node:crypto'

import { type EngineHost, type KnownDevice, type StoredAccount } from '../host.ts'
import { CacheTrouble } from '../store/cache-trouble.ts'

/** People who take turns at one device. */
const MOST_KNOWN = 50

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

  /** Null where this person was not signed in here before. */
  secretOf(serverUrl: string, email: string): string | null {
    const account = accountOf(serverUrl, email)
    return this.#account?.knownAs?.find((known) => known.account === account)?.secret ?? null
  }

  /** With what the server will know this device by the next time. */
  knownAs(serverUrl: string, email: string, secret: string): KnownDevice[] {
    const account = accountOf(serverUrl, email)
    const others = this.#account?.knownAs?.filter((known) => known.account !== account) ?? []
    return [{ account, secret }, ...others].slice(0, MOST_KNOWN)
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

/** Whose it is is written down only as long as they are signed in. */
function accountOf(serverUrl: string, email: string): string {
  return createHash('sha256').update(`${serverUrl}\n${email.toLowerCase()}`).digest('hex')
}
