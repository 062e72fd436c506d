import { beforeEach, describe, expect, it, vi } from 'vitest'

import { app, resetElectron, session } from './electron.fake.ts'
import { recordLog } from './log.fake.ts'
import { Spelling, keepFromForeignDictionaries } from './spelling.ts'

vi.mock('electron', () => import('./electron.fake.ts'))

const { defaultSession } = session
const LANGUAGES = ['es-MX', 'en-US']
const SERVER = 'https://parley.example'

function start(platform: NodeJS.Platform = 'linux') {
  const log = recordLog()
  const spelling = new Spelling(platform, log)
  const asked = () => defaultSession.asked.splice(0)
  return { spelling, log, asked }
}

beforeEach(resetElectron)

describe('dictionaries', () => {
  it('are asked of nobody before a server is known', () => {
    const { spelling, asked } = start()
    expect(asked()).toEqual([
      ['enabled', false],
      ['from', 'https://dictionaries.invalid/'],
      ['languages'],
    ])
    spelling.apply({ isOn: true, languages: LANGUAGES, serverUrl: null })
    expect(asked()).toEqual([['enabled', false]])
  })

  it('come from our own server, which is named before any language is', () => {
    const { spelling, asked } = start()
    asked()
    spelling.apply({ isOn: true, languages: LANGUAGES, serverUrl: `${SERVER}/` })
    expect(asked()).toEqual([
      ['from', `${SERVER}/dictionaries/`],
      ['languages'],
      ['languages', ...LANGUAGES],
      ['enabled', true],
    ])
  })

  it('are not loaded anew because something else was chosen', () => {
    const { spelling, asked } = start()
    const wish = { isOn: true, languages: LANGUAGES, serverUrl: SERVER }
    spelling.apply(wish)
    asked()
    spelling.apply(wish)
    expect(asked()).toEqual([['enabled', true]])
  })

  it('of another server are not mixed with those of the one before', () => {
    const { spelling, asked } = start()
    spelling.apply({ isOn: true, languages: LANGUAGES, serverUrl: SERVER })
    asked()
    spelling.apply({ isOn: true, languages: LANGUAGES, serverUrl: 'https://other.example' })
    expect(asked()).toEqual([
      ['from', 'https://other.example/dictionaries/'],
      ['languages'],
      ['languages', ...LANGUAGES],
      ['enabled', true],
    ])
  })

  it('are never asked of foreign hosts, not even before main can say so', () => {
    keepFromForeignDictionaries()
    expect(app.switches.get('host-resolver-rules')).toBe(
      'MAP redirector.gvt1.com ~NOTFOUND, MAP *.gvt1.com ~NOTFOUND',
    )
  })

  it('that a server lacks are named in the log', () => {
    const { log } = start()
    defaultSession.emit('spellcheck-dictionary-download-failure', {}, 'es-MX')
    expect(log.lines).toMatchObject([{ level: 'warn' }])
  })

  it('may be fetched by Chromium itself, and nothing else by nobody else', () => {
    const { spelling } = start()
    const url = `${SERVER}/dictionaries/es-es-3-0.bdic`
    expect(spelling.isOwnRequest({ url })).toBe(false)
    spelling.apply({ isOn: true, languages: LANGUAGES, serverUrl: SERVER })
    expect(spelling.isOwnRequest({ url })).toBe(true)
    expect(spelling.isOwnRequest({ url, webContentsId: 1 })).toBe(false)
    for (const other of [
      `${SERVER}/trpc/session.signOut`,
      `${SERVER}/dictionaries/`,
      `${SERVER}/dictionaries/../metrics`,
      `${SERVER}/dictionaries/a.bdic?q=words`,
      'https://redirector.gvt1.com/edgedl/chrome/dict/es-es-3-0.bdic',
      'https://parley.example.evil/dictionaries/es-es-3-0.bdic',
    ]) {
      expect([other, spelling.isOwnRequest({ url: other })]).toEqual([other, false])
    }
  })
})

describe('what a person chooses', () => {
  it('switches it off, and on again', () => {
    const { spelling, asked } = start()
    spelling.apply({ isOn: true, languages: LANGUAGES, serverUrl: SERVER })
    asked()
    spelling.apply({ isOn: false, languages: LANGUAGES, serverUrl: SERVER })
    expect(asked()).toEqual([['languages'], ['enabled', false]])
    spelling.apply({ isOn: true, languages: LANGUAGES, serverUrl: SERVER })
    expect(asked()).toEqual([
      ['languages', ...LANGUAGES],
      ['enabled', true],
    ])
  })

  it('leaves out languages that this build cannot check', () => {
    const { spelling, asked } = start()
    asked()
    spelling.apply({ isOn: true, languages: ['it', 'fr'], serverUrl: SERVER })
    expect(asked()).toContainEqual(['languages', 'fr'])
  })

  it('is the system’s on macOS, with no address and no list', () => {
    const { spelling, asked } = start('darwin')
    spelling.apply({ isOn: true, languages: LANGUAGES, serverUrl: SERVER })
    expect(asked()).toEqual([
      ['enabled', false],
      ['enabled', true],
    ])
  })

  it('on Windows works with the system’s languages before a server is known', () => {
    const { spelling, asked } = start('win32')
    asked()
    spelling.apply({ isOn: true, languages: LANGUAGES, serverUrl: null })
    expect(asked()).toEqual([
      ['languages', ...LANGUAGES],
      ['enabled', true],
    ])
  })
})

it('forgets the words of whoever signed out', async () => {
  const { spelling } = start()
  defaultSession.words = ['Barrientos', 'Xóchitl']
  await spelling.forgetWords()
  expect(defaultSession.words).toEqual([])
})
