import { SPELLING_LANGUAGES, type Preferences } from '@parley/contracts'
import { z } from 'zod'

import { readJsonFile, writeFileAtomically } from './atomic-file.ts'
import type { Log } from './log.ts'

const stored = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  language: z.enum(['es', 'en']),
  customerPanelOpen: z.boolean(),
  // Absent in the files of older versions.
  checksSpelling: z.boolean().default(true),
  spellingLanguages: z
    .array(z.enum(SPELLING_LANGUAGES))
    .max(SPELLING_LANGUAGES.length)
    .default(['es-MX', 'en-US']),
}) satisfies z.ZodType<Preferences>

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
