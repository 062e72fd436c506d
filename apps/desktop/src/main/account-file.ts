import { z } from 'zod'

import type { StoredAccount } from '../engine/host.ts'
import { readJsonFile, writeFileAtomically } from './atomic-file.ts'
import type { Log } from './log.ts'

const account = z.object({
  deviceId: z.guid(),
  serverUrl: z.url({ protocol: /^https?$/ }),
  person: z.object({ id: z.guid(), email: z.string(), fullName: z.string() }).nullable(),
  knownAs: z.array(z.object({ account: z.string(), secret: z.string() })).optional(),
}) satisfies z.ZodType<StoredAccount>

/** Who used this device last; `null` in the file where nobody is known. */
export class AccountFile {
  readonly #file: string
  readonly #mayNamePerson: boolean
  readonly #log: Log

  /**
   * @param mayNamePerson false on a device that may keep nothing of a person: only its own id and the server
   *   are written then
   */
  constructor(file: string, options: { mayNamePerson: boolean; log: Log }) {
    this.#file = file
    this.#mayNamePerson = options.mayNamePerson
    this.#log = options.log
  }

  read(): StoredAccount | null {
    return this.#permitted(readJsonFile(this.#file, account.nullable(), this.#log))
  }

  /** On the disk when it returns. */
  write(next: StoredAccount | null): void {
    writeFileAtomically(this.#file, `${JSON.stringify(this.#permitted(next), null, 2)}\n`)
  }

  #permitted(stored: StoredAccount | null): StoredAccount | null {
    return stored === null || this.#mayNamePerson
      ? stored
      : { ...stored, person: null, knownAs: undefined }
  }
}
