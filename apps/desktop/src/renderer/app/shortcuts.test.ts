import { describe, expect, it } from 'vitest'

import { ariaKeys, isPressOf, keyLabels, spell, windowKeys } from './shortcut-keys.ts'
import { SHORTCUTS, commandOf } from './shortcuts.ts'

const press = (
  key: string,
  held: Partial<Record<'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey', boolean>> = {},
) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
})

describe('the table of shortcuts', () => {
  it('names every command once', () => {
    const ids = SHORTCUTS.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('gives no keys to two commands of the window', () => {
    const keys = SHORTCUTS.filter((command) => !('handledBy' in command)).flatMap((command) => [
      ...command.keys,
    ])
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('lets no single key begin a sequence and act as well', () => {
    const { byKeys, firstKeys } = windowKeys()
    for (const first of firstKeys) expect(byKeys.has(first)).toBe(false)
  })

  it('never acts on bare letters while somebody types', () => {
    for (const command of SHORTCUTS) {
      if (!('whileTyping' in command)) continue
      for (const keys of command.keys) expect(keys).toMatch(/Mod\+|Alt\+|F\d+$/)
    }
  })

  it('gives keys to every command', () => {
    for (const { id, keys } of SHORTCUTS) {
      expect(keys.length).toBeGreaterThan(0)
      expect(keyLabels(id).join('')).not.toBe('')
      expect(ariaKeys(id)).not.toContain('Mod')
    }
  })
})

describe('keys', () => {
  it('are spelled as in the table', () => {
    expect(spell(press('k', { ctrlKey: true }))).toBe('Mod+K')
    expect(spell(press('S', { shiftKey: true }))).toBe('Shift+S')
    expect(spell(press('?', { shiftKey: true }))).toBe('?')
    expect(spell(press('F6', { shiftKey: true }))).toBe('Shift+F6')
    expect(spell(press('L', { ctrlKey: true, shiftKey: true }))).toBe('Mod+Shift+L')
  })

  it('are recognised by the places that handle them', () => {
    expect(isPressOf('composer.send', press('Enter'))).toBe(true)
    expect(isPressOf('composer.send', press('Enter', { shiftKey: true }))).toBe(false)
    expect(isPressOf('composer.line', press('Enter', { shiftKey: true }))).toBe(true)
  })

  it('are shown as caps', () => {
    expect(keyLabels('go.mine')).toEqual(['G', 'M'])
    expect(keyLabels('palette.open')).toEqual(['Ctrl K'])
    expect(keyLabels('list.openNth')).toEqual(['Ctrl 1…8'])
    expect(commandOf('list.openNth').keys).toHaveLength(8)
  })
})
