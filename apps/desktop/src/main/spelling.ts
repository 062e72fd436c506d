import { app, session } from 'electron'

import type { Log } from './log.ts'

/** What a person has chosen, and who is their server. */
export interface SpellingWish {
  isOn: boolean
  languages: readonly string[]
  /** Null where no server is known yet. */
  serverUrl: string | null
}

/** An address that leads nowhere (RFC 2606): what Chromium asks of it reaches nobody. */
const NOWHERE = 'https://dictionaries.invalid/'
/** Where Chromium asks for dictionaries unless it is told otherwise: never, not even before it is told. */
const FOREIGN_HOSTS = ['redirector.gvt1.com', '*.gvt1.com']

/**
 * Before the app is ready. Chromium may ask for the dictionary of the system's language as soon as its session is
 * made, which is before anybody can tell it where from.
 */
export function keepFromForeignDictionaries(): void {
  const rules = FOREIGN_HOSTS.map((host) => `MAP ${host} ~NOTFOUND`).join(', ')
  app.commandLine.appendSwitch('host-resolver-rules', rules)
}

/**
 * The spell checker. Dictionaries come from the system (macOS, and Windows where it has the language) or from the
 * person's own server, as `/dictionaries/es-es-3-0.bdic`; where neither has one, nothing is checked.
 */
export class Spelling {
  readonly #platform: NodeJS.Platform
  #source = NOWHERE
  #languages: readonly string[] = []

  constructor(platform: NodeJS.Platform, log: Log) {
    this.#platform = platform
    const { defaultSession } = session
    defaultSession.setSpellCheckerEnabled(false)
    if (platform === 'darwin') return
    defaultSession.setSpellCheckerDictionaryDownloadURL(NOWHERE)
    defaultSession.setSpellCheckerLanguages([])
    defaultSession.on('spellcheck-dictionary-download-failure', (_event, language) =>
      log.warn('the server has no dictionary, or could not be reached for it', { language }),
    )
  }

  /** May be asked again with the same: then nothing is loaded anew. */
  apply({ isOn, languages, serverUrl }: SpellingWish): void {
    const { defaultSession } = session
    if (this.#platform === 'darwin') {
      // It knows by itself which language is written.
      defaultSession.setSpellCheckerEnabled(isOn)
      return
    }
    const source = serverUrl === null ? NOWHERE : `${serverUrl.replace(/\/+$/, '')}/dictionaries/`
    const hasDictionaries = serverUrl !== null || this.#platform === 'win32'
    const known = defaultSession.availableSpellCheckerLanguages
    const wanted =
      isOn && hasDictionaries ? languages.filter((language) => known.includes(language)) : []
    if (source !== this.#source) {
      // Told first, so that no language is ever asked for at the old one.
      defaultSession.setSpellCheckerDictionaryDownloadURL(source)
      this.#source = source
      this.#setLanguages([])
    }
    if (wanted.join() !== this.#languages.join()) this.#setLanguages(wanted)
    defaultSession.setSpellCheckerEnabled(wanted.length > 0)
  }

  /** Whether Chromium, and not a page, asks the person's own server for a dictionary. */
  isOwnRequest({ url, webContentsId }: { url: string; webContentsId?: number }): boolean {
    return (
      webContentsId === undefined &&
      this.#source !== NOWHERE &&
      url.startsWith(this.#source) &&
      /^[a-z0-9-]+\.bdic$/i.test(url.slice(this.#source.length))
    )
  }

  /** The words that somebody added: names of customers among them, and the next person is another one. */
  async forgetWords(): Promise<void> {
    const { defaultSession } = session
    for (const word of await defaultSession.listWordsInSpellCheckerDictionary())
      defaultSession.removeWordFromSpellCheckerDictionary(word)
  }

  #setLanguages(languages: readonly string[]): void {
    session.defaultSession.setSpellCheckerLanguages([...languages])
    this.#languages = languages
  }
}
