import { EventEmitter } from 'node:events'
import { log } from '../host-log.ts'
import { net } from './net.ts'
import { protocol } from './protocol.ts'

/** A setter that keeps the handler's name for tests and nothing more: the README tells what that cannot show. */
const recorded = (name: string) => (): void => {
  if (!log.sessionHandlers.includes(name)) log.sessionHandlers.push(name)
}

/** Nothing is checked here; what the app asked for is in the log. */
function spellChecker() {
  let words: string[] = []
  return {
    availableSpellCheckerLanguages: ['de', 'en-GB', 'en-US', 'es', 'es-MX', 'fr', 'it', 'pt-BR'],
    setSpellCheckerEnabled(isOn: boolean) {
      log.spellChecker.isOn = isOn
    },
    setSpellCheckerLanguages(languages: string[]) {
      log.spellChecker.languages = languages
    },
    setSpellCheckerDictionaryDownloadURL(url: string) {
      log.spellChecker.dictionariesFrom = url
    },
    addWordToSpellCheckerDictionary: (word: string) => words.push(word) > 0,
    listWordsInSpellCheckerDictionary: async () => [...words],
    removeWordFromSpellCheckerDictionary(word: string) {
      words = words.filter((one) => one !== word)
      return true
    },
  }
}

/** The default session, the only one there is. */
const defaultSession = Object.assign(new EventEmitter(), {
  protocol,
  fetch: net.fetch,
  setPermissionRequestHandler: recorded('setPermissionRequestHandler'),
  setPermissionCheckHandler: recorded('setPermissionCheckHandler'),
  setDevicePermissionHandler: recorded('setDevicePermissionHandler'),
  /** By the switches that the app gave Chromium at its start; what it says later is recorded. */
  setProxy: async () => recorded('setProxy')(),
  setCertificateVerifyProc: recorded('setCertificateVerifyProc'),
  ...spellChecker(),
  webRequest: {
    onBeforeRequest: recorded('webRequest.onBeforeRequest'),
    onBeforeSendHeaders: recorded('webRequest.onBeforeSendHeaders'),
    onHeadersReceived: recorded('webRequest.onHeadersReceived'),
  },
})

export type DefaultSession = typeof defaultSession
export const session = { defaultSession }
