import { copyFileSync } from 'node:fs'

import { preferences, type Preferences } from '@parley/contracts'
import { z } from 'zod'

import { readJsonFile, writeFileAtomically } from './atomic-file.ts'
import type { Log } from './log.ts'

const DELIVERED: Omit<Preferences, 'language'> = {
  theme: 'system',
  customerPanelOpen: true,
  keys: {},
  singleKeys: true,
  checksSpelling: true,
  spellingLanguages: ['es-MX', 'en-US'],
}

/** Each may be absent: `preferences.set` as the contract has parsed it. */
export type PreferencesChange = { [Name in keyof Preferences]?: Preferences[Name] | undefined }

/** This device's preferences, in one file. */
export class PreferencesFile {
  readonly #file: string
  #preferences: Preferences

  /** @param locale the system's, for the language of who has not chosen one */
  constructor(file: string, locale: string, log: Log) {
    this.#file = file
    this.#preferences = { ...DELIVERED, language: languageOf(locale), ...readStored(file, log) }
  }

  get(): Preferences {
    return { ...this.#preferences }
  }

  /** On the disk when it returns. */
  set(change: PreferencesChange): Preferences {
    const given = Object.fromEntries(
      Object.entries(change).filter(([, value]) => value !== undefined),
    )
    this.#preferences = preferences.parse({ ...this.#preferences, ...given })
    writeFileAtomically(this.#file, `${JSON.stringify(this.#preferences, null, 2)}\n`)
    return this.get()
  }
}

/** What the file says, of before a preference was there or not; what is wrong in it takes nothing else along. */
function readStored(file: string, log: Log): Partial<Preferences> {
  const json = readJsonFile(file, z.record(z.string(), z.unknown()), log) ?? {}
  const entries = Object.entries(preferences.shape)
    .filter(([name]) => Object.hasOwn(json, name))
    .map(([name, schema]) => ({ name, parsed: schema.safeParse(json[name]) }))
  const wrong = entries.filter(({ parsed }) => !parsed.success).map(({ name }) => name)
  if (wrong.length > 0) {
    copyFileSync(file, `${file}.bad`)
    log.error(`${file} is wrong in part, and was copied to ${file}.bad`, wrong.join(', '))
  }
  return Object.fromEntries(
    entries.flatMap(({ name, parsed }) => (parsed.success ? [[name, parsed.data]] : [])),
  )
}

function languageOf(locale: string): Preferences['language'] {
  return /^en\b/i.test(locale) ? 'en' : 'es'
}
