import { existsSync } from 'node:fs'
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
 * Opens the key store. Null where there is none that protects anything: then nothing may be written to disk. One that
 * has kept something before is one that does not answer now: what it keeps is there, and is asked for again.
 * Only after the app is ready, before which no key store answers.
 */
export async function openSecrets(options: SecretsOptions): Promise<Secrets | null> {
  const { vault, log, userData } = options
  const isPlain = options.allowPlain && !options.isPackaged
  if (options.allowPlain && options.isPackaged) {
    log.warn('PARLEY_ALLOW_PLAIN_KEY_STORE is ignored: this is a packaged build')
  }
  if (isPlain) vault.setUsePlainTextEncryption(true)
  const file = join(userData, 'secrets.json')
  const hindrance = await hindranceOf(options, isPlain)
  if (hindrance !== null) {
    const isKnown = existsSync(file)
    log.warn(`${hindrance}: ${isKnown ? 'what it keeps waits' : 'nothing is kept on the disk'}`)
    if (!isKnown) return null
  } else if (isPlain) {
    log.warn('secrets are kept without protection, as the environment asked')
  }
  return new Secrets(file, vault, log, () => hindranceOf(options, isPlain))
}

async function hindranceOf(
  { vault, platform }: SecretsOptions,
  isPlain: boolean,
): Promise<string | null> {
  if (platform === 'linux' && !isPlain) {
    const backend = vault.getSelectedStorageBackend()
    // With a password that is in everybody's copy of Chromium, `basic_text` only looks like encryption.
    if (backend === 'basic_text' || backend === 'unknown') {
      return `there is no key store on this desktop (${backend})`
    }
  }
  return (await vault.isAsyncEncryptionAvailable()) ? null : 'the key store does not answer'
}

/** Small secrets by name. */
export class Secrets {
  readonly #file: string
  readonly #vault: Vault
  readonly #log: Log
  readonly #hindrance: () => Promise<string | null>
  /** Null until it could be read. */
  #sealed: Record<string, string> | null = null
  /** One write after the other: each writes the whole file. */
  #writing: Promise<unknown> = Promise.resolve()

  constructor(file: string, vault: Vault, log: Log, hindrance: () => Promise<string | null>) {
    this.#file = file
    this.#vault = vault
    this.#log = log
    this.#hindrance = hindrance
  }

  /**
   * Null only where there is none. What cannot be unsealed now is there all the same: a key store that is locked, or
   * starts late, gives it at another time.
   */
  async read(name: string): Promise<string | null> {
    const all = this.#load()
    const sealed = Object.hasOwn(all, name) ? all[name] : undefined
    if (sealed === undefined) return null
    const opened = await this.#unseal(name, sealed)
    if (opened.shouldReEncrypt) {
      // What was read holds all the same; the next start tries again.
      await this.write(name, opened.result).catch((error: unknown) =>
        this.#log.error(`the secret ${name} could not be sealed again`, error),
      )
    }
    return opened.result
  }

  /** On the disk when it resolves; null removes it. */
  async write(name: string, value: string | null): Promise<void> {
    const writing = this.#writing.then(() => this.#write(name, value))
    this.#writing = writing.catch(() => undefined)
    await writing
  }

  #load(): Record<string, string> {
    this.#sealed ??= readJsonFile(this.#file, sealedSecrets, this.#log)?.secrets ?? {}
    return this.#sealed
  }

  async #unseal(name: string, sealed: string): Promise<DecryptStringAsyncReturnValue> {
    await this.#mustBeUsable()
    try {
      return await this.#vault.decryptStringAsync(Buffer.from(sealed, 'base64'))
    } catch (error) {
      this.#log.error(`the secret ${name} cannot be unsealed now`, error)
      throw error
    }
  }

  async #mustBeUsable(): Promise<void> {
    const hindrance = await this.#hindrance()
    if (hindrance !== null) throw new Error(hindrance)
  }

  async #write(name: string, value: string | null): Promise<void> {
    const { [name]: _before, ...others } = this.#load()
    if (value !== null) await this.#mustBeUsable()
    const next =
      value === null
        ? others
        : { ...others, [name]: (await this.#vault.encryptStringAsync(value)).toString('base64') }
    writeFileAtomically(this.#file, `${JSON.stringify({ version: 1, secrets: next }, null, 2)}\n`)
    this.#sealed = next
  }
}
