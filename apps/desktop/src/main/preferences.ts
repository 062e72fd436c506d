import { preferences, type Preferences } from '@parley/contracts'

import { readJsonFile, writeFileAtomically } from './atomic-file.ts'
import type { Log } from './log.ts'

/** A file of before a preference was there has all the others. */
const stored = preferences.extend({
  keys: preferences.shape.keys.default({}),
  singleKeys: preferences.shape.singleKeys.default(true),
  checksSpelling: preferences.shape.checksSpelling.default(true),
  spellingLanguages: preferences.shape.spellingLanguages.default(['es-MX', 'en-US']),
})

/** Each may be absent: `preferences.set` as the contract has parsed it. */
export type PreferencesChange = { [Name in keyof Preferences]?: Preferences[Name] | undefined }

/** This device's preferences, in one file. */
export class PreferencesFile {
  readonly #file: string
  #preferences: Preferences

  /** @param locale the system's, for the language of who has not chosen one */
  constructor(file: string, locale: string, log: Log) {
    this.#file = file
    this.#preferences =
      readJsonFile(file, stored, log) ??
      stored.parse({ theme: 'system', language: languageOf(locale), customerPanelOpen: true })
  }

  get(): Preferences {
    return { ...this.#preferences }
  }

  /** On the disk when it returns. */
  set(change: PreferencesChange): Preferences {
    const given = Object.fromEntries(
      Object.entries(change).filter(([, value]) => value !== undefined),
    )
    this.#preferences = stored.parse({ ...this.#preferences, ...given })
    writeFileAtomically(this.#file, `${JSON.stringify(this.#preferences, null, 2)}\n`)
    return this.get()
  }
}

function languageOf(locale: string): Preferences['language'] {
  return /^en\b/i.test(locale) ? 'en' : 'es'
}
