import { join } from 'node:path'

import type { DecryptStringAsyncReturnValue, SafeStorage } from 'electron'
import { z } from 'zod'

import { readJsonFile, writeFileAtomically } from './atomic-file.ts'
import type { Log } from './log.ts'

/** Each value sealed by the operating system's key store, in base64. */
const sealedSecrets = z.object({ version: z.literal(1), secrets: z.record(z.string(), z.base64()) })

type Vault = Pick<
  SafeStorage,
  | 'isAsyncEncryptionAvailable'
  | 'encryptStringAsync'
  | 'decryptStringAsync'
  | 'getSelectedStorageBackend'
  | 'setUsePlainTextEncryption'
>

export interface SecretsOptions {
  vault: Vault
  userData: string
  platform: NodeJS.Platform
  /** Asked for by the environment. Without effect in a packaged build. */
  allowPlain: boolean
  isPackaged: boolean
  log: Log
}

/**
 * Opens the key store. Null where there is none that protects anything: then nothing may be written to disk.
 * Only after the app is ready, before which no key store answers.
 */
export async function openSecrets(options: SecretsOptions): Promise<Secrets | null> {
  const { vault, platform, log } = options
  const plainAllowed = options.allowPlain && !options.isPackaged
  if (options.allowPlain && options.isPackaged) {
    log.warn('PARLEY_ALLOW_PLAIN_KEY_STORE is ignored: this is a packaged build')
  }
  if (platform === 'linux' && !plainAllowed) {
    const backend = vault.getSelectedStorageBackend()
    // With a password that is in everybody's copy of Chromium, `basic_text` only looks like encryption.
    if (backend === 'basic_text' || backend === 'unknown') {
      log.warn('there is no key store on this desktop: nothing is kept on the disk', { backend })
      return null
    }
  }
  if (plainAllowed) vault.setUsePlainTextEncryption(true)
  if (!(await vault.isAsyncEncryptionAvailable())) {
    log.warn('the key store does not answer: nothing is kept on the disk')
    return null
  }
  if (plainAllowed) log.warn('secrets are kept without protection, as the environment asked')
  return new Secrets(join(options.userData, 'secrets.json'), vault, log)
}

/** Small secrets by name. */
export class Secrets {
  readonly #file: string
  readonly #vault: Vault
  readonly #log: Log
  #sealed: Record<string, string>
  /** One write after the other: each writes the whole file. */
  #writing: Promise<unknown> = Promise.resolve()

  constructor(file: string, vault: Vault, log: Log) {
    this.#file = file
    this.#vault = vault
    this.#log = log
    this.#sealed = readJsonFile(file, sealedSecrets, log)?.secrets ?? {}
  }

  /** Null where there is none, and where the key store's own key is another one now, which nothing can undo. */
  async read(name: string): Promise<string | null> {
    const sealed = Object.hasOwn(this.#sealed, name) ? this.#sealed[name] : undefined
    if (sealed === undefined) return null
    const opened = await this.#unseal(name, sealed)
    if (opened?.shouldReEncrypt) {
      // What was read holds all the same; the next start tries again.
      await this.write(name, opened.result).catch((error: unknown) =>
        this.#log.error(`the secret ${name} could not be sealed again`, error),
      )
    }
    return opened?.result ?? null
  }

  /** On the disk when it resolves; null removes it. */
  async write(name: string, value: string | null): Promise<void> {
    const writing = this.#writing.then(() => this.#write(name, value))
    this.#writing = writing.catch(() => undefined)
    await writing
  }

  async #unseal(name: string, sealed: string): Promise<DecryptStringAsyncReturnValue | null> {
    try {
      return await this.#vault.decryptStringAsync(Buffer.from(sealed, 'base64'))
    } catch (error) {
      this.#log.error(`the secret ${name} cannot be unsealed any more`, error)
      return null
    }
  }

  async #write(name: string, value: string | null): Promise<void> {
    const { [name]: _before, ...others } = this.#sealed
    const next =
      value === null
        ? others
        : { ...others, [name]: (await this.#vault.encryptStringAsync(value)).toString('base64') }
    writeFileAtomically(this.#file, `${JSON.stringify({ version: 1, secrets: next }, null, 2)}\n`)
    this.#sealed = next
  }
}
