import { afterEach, describe, expect, it } from 'vitest'

import { type Command } from '../contributions/contribution.ts'
import { install } from '../contributions/registry.ts'
import { commandOf, deliveredTable, setOwnKeys } from './command-table.ts'
import { type NamedCommand } from '../contributions/contribution.ts'
import { isPressOf, keyLabels, spell, windowKeys } from './keys.ts'
import { type KeyPress } from './key-press.ts'
import { AS_DELIVERED, isSingle, problemWith, withOwnKeys } from './own-keys.ts'

const files = import.meta.glob<Record<string, Command>>(['../**/*commands.ts', '!./commands.ts'], {
  eager: true,
  import: 'commands',
})
install(Object.values(files).map((commands) => ({ commands })))

afterEach(() => setOwnKeys(AS_DELIVERED))

const named = (id: string): NamedCommand =>
  deliveredTable().find((command) => command.id === id) as NamedCommand
const keysWith = (keys: Record<string, string[]>, singleKeys = true) => {
  const table = withOwnKeys(deliveredTable(), { keys, singleKeys }, false)
  return (id: string) => table.find((command) => command.id === id)?.keys
}

describe('keys that somebody chose', () => {
  it('are the command’s, and the former ones nobody’s', () => {
    setOwnKeys({ keys: { 'conversation.close': ['Mod+Alt+E'] }, singleKeys: true })
    expect(commandOf('conversation.close').keys).toEqual(['Mod+Alt+E'])
    expect(keyLabels('conversation.close')).toEqual(['Ctrl Alt E'])
    expect(windowKeys().byKeys.get('Mod+Alt+E')?.id).toBe('conversation.close')
    expect(windowKeys().byKeys.has('E')).toBe(false)
    setOwnKeys(AS_DELIVERED)
    expect(windowKeys().byKeys.get('E')?.id).toBe('conversation.close')
  })

  it('are theirs though a new version wants them for something else', () => {
    const keys = keysWith({ 'composer.focus': ['T'], 'conversation.close': ['G'] })
    expect(keys('conversation.transfer')).toEqual([])
    // What began with it would not be clear any more.
    expect(keys('go.mine')).toEqual([])
    expect(keys('conversation.close')).toEqual(['G'])
    expect(keys('conversation.claim')).toEqual(['C'])
  })

  it('of a file that nobody can have meant harm nothing', () => {
    const keys = keysWith({
      'no.such': ['Z'],
      'list.open': ['X'],
      'list.openNth': [],
      'conversation.close': ['Q', 'Q'],
      'conversation.transfer': ['Q'],
    })
    expect(keys('list.open')).toEqual(['Enter'])
    expect(keys('list.openNth')).toHaveLength(8)
    const both = [keys('conversation.close'), keys('conversation.transfer')]
    expect(both.filter((own) => own?.includes('Q'))).toHaveLength(1)
  })

  it('written into the file by hand neither send, nor search, nor release in mid-sentence', () => {
    const keys = keysWith({
      'composer.send': ['A'],
      'palette.open': ['O'],
      'conversation.release': ['Tab'],
      'conversation.claim': ['Escape'],
    })
    expect(keys('composer.send')).toEqual(['Enter'])
    expect(keys('palette.open')).toEqual(['Mod+K'])
    expect(keys('conversation.release')).toEqual(['Shift+S'])
    expect(keys('conversation.claim')).toEqual(['C'])
  })

  it('may be none', () => {
    setOwnKeys({ keys: { 'conversation.close': [] }, singleKeys: true })
    expect(keyLabels('conversation.close')).toEqual([])
    expect(isPressOf('conversation.close', { ...BARE, key: 'e' })).toBe(false)
  })
})

it('single keys switched off, no letter or sign does anything by itself', () => {
  setOwnKeys({ keys: { 'conversation.close': ['Mod+Alt+E'] }, singleKeys: false })
  const { byKeys, firstKeys } = windowKeys()
  expect([...byKeys.keys()].filter(isSingle)).toEqual([])
  expect(firstKeys.size).toBe(0)
  expect(byKeys.has('Mod+K')).toBe(true)
  expect(byKeys.has('Mod+Alt+E')).toBe(true)
  expect(byKeys.has('F6')).toBe(true)
})

describe('a key is refused', () => {
  const refused = (id: string, keys: string, isMac = false) =>
    problemWith(deliveredTable(), named(id), keys, isMac)

  it('where another command has it, which is named', () => {
    expect(refused('conversation.close', 'T')).toEqual({
      kind: 'taken',
      by: 'conversation.transfer',
    })
    expect(refused('conversation.close', 'G')).toMatchObject({ kind: 'taken' })
    expect(refused('conversation.close', 'C H')).toEqual({
      kind: 'taken',
      by: 'conversation.claim',
    })
    expect(refused('conversation.close', 'G H')).toBeNull()
    expect(refused('conversation.close', 'E')).toBeNull()
  })

  it('where who types needs it', () => {
    for (const keys of ['A', '?', 'Mod+C', 'Mod+V', 'Mod+Z', 'Mod+A']) {
      expect({ keys, ...refused('palette.open', keys) }).toEqual({ keys, kind: 'writes' })
    }
    expect(refused('composer.send', 'Shift+A')).toEqual({ kind: 'writes' })
    expect(refused('palette.open', 'Mod+J')).toBeNull()
  })

  it('where the window or the system has it', () => {
    for (const keys of ['Escape', 'Tab', 'Enter', 'Delete', 'Mod+Q', 'ArrowDown', 'Shift+Home']) {
      expect({ keys, ...refused('conversation.close', keys) }).toEqual({ keys, kind: 'reserved' })
    }
  })

  it('where it copies what is selected, presses what has the focus, or cannot be told', () => {
    const all = ['Mod+C', 'Mod+V', 'Mod+A', 'Shift+Insert', ' ', 'Mod+ ', 'G  ', 'F11', 'Alt+F4']
    for (const keys of [...all, 'Unidentified', 'Process', 'NumLock']) {
      expect({ keys, ...refused('conversation.claim', keys) }).toEqual({ keys, kind: 'reserved' })
    }
    for (const keys of ['+', 'Mod+Alt++', 'Alt+A', 'F9', 'Ñ'])
      expect({ keys, problem: refused('conversation.claim', keys) }).toEqual({
        keys,
        problem: null,
      })
  })

  it('and Ctrl Enter can send, with Enter for a new line', () => {
    expect(refused('composer.send', 'Mod+Enter')).toBeNull()
    setOwnKeys({ keys: { 'composer.send': ['Mod+Enter'] }, singleKeys: true })
    expect(isPressOf('composer.send', { ...BARE, key: 'Enter', ctrlKey: true })).toBe(true)
    expect(isPressOf('composer.send', { ...BARE, key: 'Enter' })).toBe(false)
    // The window’s, wherever nobody writes.
    expect(windowKeys().byKeys.has('Mod+Enter')).toBe(true)
  })
})

const BARE: KeyPress = { key: '', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false }

/**
 * What each layout needs held to write a sign, and where its letters and digits lie otherwise than on the US keyboard.
 * From the layouts of CLDR's keyboard charts (es-419, en-US, fr AZERTY, de QWERTZ).
 */
const LAYOUTS: Record<
  string,
  { shifted: string; altGr: string; codes: Record<string, string>; shiftedDigits?: true }
> = {
  'en-US': { shifted: '?', altGr: '', codes: { '/': 'Slash', '?': 'Slash', '.': 'Period' } },
  'es-MX': {
    shifted: '/?',
    altGr: '@',
    codes: { '/': 'Digit7', '?': 'Minus', '.': 'Period', '@': 'KeyQ' },
  },
  AZERTY: {
    shifted: '/?.',
    altGr: '@',
    codes: {
      A: 'KeyQ',
      Q: 'KeyA',
      Z: 'KeyW',
      W: 'KeyZ',
      M: 'Semicolon',
      '/': 'Period',
      '?': 'KeyM',
      '.': 'Comma',
      '@': 'Digit0',
    },
    shiftedDigits: true,
  },
  QWERTZ: {
    shifted: '/?',
    altGr: '@',
    codes: { Z: 'KeyY', Y: 'KeyZ', '/': 'Digit7', '?': 'Minus', '.': 'Period', '@': 'KeyQ' },
  },
}
const AZERTY_DIGITS = '&é"\'(-è_çà'

describe.each(Object.entries(LAYOUTS))('on %s', (_, { shifted, altGr, codes, shiftedDigits }) => {
  /** As the browser tells that somebody has pressed it. */
  function press(chord: string): KeyPress {
    const parts = chord.split('+')
    const name = parts.at(-1) ?? ''
    const has = (one: string) => parts.includes(one)
    const isLetter = /^[A-Z]$/.test(name)
    const isDigit = /^[0-9]$/.test(name)
    return {
      key: isLetter && !has('Shift') ? name.toLowerCase() : bareDigit(name, isDigit),
      code: codes[name] ?? (isLetter ? `Key${name}` : isDigit ? `Digit${name}` : name),
      ctrlKey: has('Mod'),
      metaKey: false,
      altKey: has('Alt'),
      shiftKey: has('Shift') || shifted.includes(name),
    }
  }
  const bareDigit = (name: string, isDigit: boolean) =>
    isDigit && shiftedDigits ? (AZERTY_DIGITS['1234567890'.indexOf(name)] ?? name) : name

  it('every command is reached by the key that is shown', () => {
    for (const { keys } of deliveredTable()) {
      for (const chord of keys.flatMap((one) => one.split(' '))) {
        expect(spell(press(chord))).toBe(chord)
      }
    }
  })

  it('what AltGr writes is no command', () => {
    for (const sign of altGr) {
      // Windows tells AltGr as Ctrl and Alt.
      for (const held of [{ ctrlKey: true, altKey: true }, {}]) {
        const told = spell({ ...BARE, key: sign, code: codes[sign] ?? '', ...held })
        expect(windowKeys().byKeys.get(told)).toBeUndefined()
      }
    }
  })
})

it('with Cyrillic or Greek letters Ctrl and a key mean what its cap says', () => {
  expect(spell({ ...BARE, key: 'л', code: 'KeyK', ctrlKey: true })).toBe('Mod+K')
  expect(spell({ ...BARE, key: 'κ', code: 'KeyK', ctrlKey: true })).toBe('Mod+K')
  expect(spell({ ...BARE, key: 'л', code: 'KeyK' })).toBe('Л')
})
