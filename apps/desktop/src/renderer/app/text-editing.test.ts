import { describe, expect, it } from 'vitest'

import { spell } from './keys.ts'
import { isTextEditing } from './text-editing.ts'

const press = (chord: string, code?: string) => {
  const held = chord.split('+')
  return {
    key: held.at(-1) ?? '',
    ...(code === undefined ? {} : { code }),
    ctrlKey: held.includes('ctrl'),
    metaKey: held.includes('cmd'),
    altKey: held.includes('alt'),
    shiftKey: held.includes('shift'),
  }
}

const editing = (isMac: boolean, chords: string[]) =>
  chords.filter((chord) => isTextEditing(press(chord), isMac))

describe('a writer keeps the keys of the text', () => {
  it('on macOS: by words, lines, paragraphs, with Control, and with Option the signs', () => {
    const moves = ['alt+ArrowLeft', 'alt+shift+ArrowRight', 'cmd+ArrowLeft', 'alt+ArrowUp']
    const edits = ['cmd+Backspace', 'ctrl+a', 'ctrl+k', 'cmd+z', 'cmd+shift+z', 'cmd+v', 'alt+@']
    expect(editing(true, [...moves, ...edits])).toEqual([...moves, ...edits])
  })

  it('elsewhere: by words, with Ctrl, and with AltGr the signs', () => {
    const moves = ['ctrl+ArrowLeft', 'ctrl+shift+ArrowRight']
    const edits = ['ctrl+Backspace', 'ctrl+z', 'ctrl+y', 'ctrl+shift+v', 'ctrl+alt+@']
    expect(editing(false, [...moves, ...edits])).toEqual([...moves, ...edits])
  })

  it('and no others', () => {
    const others = ['alt+ArrowLeft', 'ctrl+k', 'ctrl+1', 'ctrl+.', 'F6', 'ctrl+shift+a']
    expect(editing(false, others)).toEqual([])
    expect(editing(true, ['cmd+k', 'cmd+1', 'cmd+.', 'F6', 'cmd+shift+a'])).toEqual([])
  })
})

describe('a key is what it writes, on every keyboard', () => {
  it('opens the third conversation on a Mexican, a US, a German and a French one', () => {
    expect(spell(press('ctrl+3', 'Digit3'))).toBe('Mod+3')
    // AZERTY: the bare key, or the digit that is above it.
    expect(spell(press('ctrl+"', 'Digit3'))).toBe('Mod+3')
    expect(spell(press('ctrl+shift+3', 'Digit3'))).toBe('Mod+3')
    expect(spell(press('ctrl+shift+#', 'Digit3'))).toBe('Mod+#')
  })

  it('finds the slash and the question mark where they are', () => {
    expect(spell(press('shift+/', 'Digit7'))).toBe('/')
    expect(spell(press('shift+?', 'Minus'))).toBe('?')
    expect(spell(press('?', 'KeyM'))).toBe('?')
  })

  it('goes by the letter where Z and Y, A and Q have changed places', () => {
    expect(spell(press('ctrl+z', 'KeyY'))).toBe('Mod+Z')
    expect(spell(press('ctrl+a', 'KeyQ'))).toBe('Mod+A')
    expect(isTextEditing(press('ctrl+z', 'KeyY'), false)).toBe(true)
  })
})
