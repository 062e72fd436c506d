import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { recordLog } from './log.fake.ts'
import { PreferencesFile } from './preferences.ts'
import { temporaryFolder } from './temporary-folder.fake.ts'

/** As delivered. */
const REST = {
  keys: {},
  singleKeys: true,
  checksSpelling: true,
  spellingLanguages: ['es-MX', 'en-US'],
}

const fileIn = (folder: string) => join(folder, 'preferences.json')

it.each([
  ['es-MX', 'es'],
  ['es', 'es'],
  ['en-US', 'en'],
  ['en', 'en'],
  ['EN-gb', 'en'],
  ['fr-FR', 'es'],
  ['eng', 'es'],
  ['', 'es'],
])('begins in the language of %j: %s', (locale, language) => {
  const preferences = new PreferencesFile(fileIn(temporaryFolder()), locale, recordLog())
  expect(preferences.get()).toEqual({ theme: 'system', language, customerPanelOpen: true, ...REST })
})

it('keeps what is set, and only that changes', () => {
  const folder = temporaryFolder()
  const preferences = new PreferencesFile(fileIn(folder), 'es', recordLog())
  expect(preferences.set({ theme: 'dark', language: undefined })).toEqual({
    theme: 'dark',
    language: 'es',
    customerPanelOpen: true,
    ...REST,
  })
  preferences.set({ customerPanelOpen: false })
  const again = new PreferencesFile(fileIn(folder), 'en', recordLog())
  expect(again.get()).toEqual({ theme: 'dark', language: 'es', customerPanelOpen: false, ...REST })
  expect(readdirSync(folder)).toEqual(['preferences.json'])
})

it('one that is wrong takes none of the others along', () => {
  const file = fileIn(temporaryFolder())
  const text = '{"theme":"dark","language":"en","keys":{"go.mine":"G"},"customerPanelOpen":3}'
  writeFileSync(file, text)
  const log = recordLog()
  const preferences = new PreferencesFile(file, 'es', log)
  expect(preferences.get()).toEqual({
    theme: 'dark',
    language: 'en',
    customerPanelOpen: true,
    ...REST,
  })
  expect(readFileSync(`${file}.bad`, 'utf8')).toBe(text)
  expect(log.lines).toMatchObject([{ level: 'error' }])
})

it.each(['', '{', 'null', '[1]'])(
  'starts with the defaults where the file says %j, which is kept aside',
  (text) => {
    const file = fileIn(temporaryFolder())
    writeFileSync(file, text)
    const log = recordLog()
    const preferences = new PreferencesFile(file, 'es', log)
    expect(preferences.get()).toEqual({
      theme: 'system',
      language: 'es',
      customerPanelOpen: true,
      ...REST,
    })
    expect(readFileSync(`${file}.bad`, 'utf8')).toBe(text)
    expect(existsSync(file)).toBe(false)
    expect(log.lines).toMatchObject([{ level: 'error' }])
  },
)

it('starts with the defaults where a folder has the file’s name', () => {
  const file = fileIn(temporaryFolder())
  mkdirSync(file)
  const preferences = new PreferencesFile(file, 'es', recordLog())
  expect(preferences.set({ theme: 'dark' })).toMatchObject({ theme: 'dark', language: 'es' })
  expect(statSync(`${file}.bad`).isDirectory()).toBe(true)
  expect(statSync(file).isFile()).toBe(true)
})

it('of an older version are kept, and spelling is checked', () => {
  const file = fileIn(temporaryFolder())
  writeFileSync(file, '{"theme":"dark","language":"en","customerPanelOpen":false}')
  const preferences = new PreferencesFile(file, 'es', recordLog())
  expect(preferences.get()).toEqual({
    theme: 'dark',
    language: 'en',
    customerPanelOpen: false,
    ...REST,
  })
})
