import { type CommandId } from '../contributions/contributed.ts'
import { derived } from '../contributions/registry.ts'
import { commandOf, commandTable, firstOf } from './command-table.ts'
import { isMac } from './platform.ts'

interface KeyPress {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
  altKey: boolean
}

/** What was pressed, in the table's spelling. Shift is told for letters and named keys, not for signs that need it. */
export function spell(press: KeyPress): string {
  const isSign = press.key.length === 1 && !/[\p{L}\p{N} ]/u.test(press.key)
  const mod = isMac ? press.metaKey : press.ctrlKey
  const name = press.key.length === 1 ? press.key.toUpperCase() : press.key
  return [mod && 'Mod', press.altKey && 'Alt', press.shiftKey && !isSign && 'Shift', name]
    .filter(Boolean)
    .join('+')
}

/** For places that handle their keys themselves. */
export function isPressOf(id: CommandId, press: KeyPress): boolean {
  return commandOf(id).keys.includes(spell(press))
}

interface Match {
  id: CommandId
  /** Which of its keys, counted from 0. */
  nth: number
}

/** The window's commands by their keys, and the first keys of sequences. */
export const windowKeys = derived(() => {
  const byKeys = new Map<string, Match>()
  const firstKeys = new Set<string>()
  for (const { id, keys: all, place } of commandTable()) {
    if (place !== undefined) continue
    all.forEach((keys, nth) => {
      byKeys.set(keys, { id, nth })
      if (keys.includes(' ')) firstKeys.add(firstOf(keys))
    })
  }
  return { byKeys, firstKeys }
})

const SHOWN: Record<string, string> = {
  Mod: isMac ? '⌘' : 'Ctrl',
  Shift: 'Shift',
  Alt: isMac ? '⌥' : 'Alt',
  Enter: '⏎',
  Escape: 'Esc',
  ArrowLeft: '←',
  ArrowUp: '↑',
  ArrowDown: '↓',
}

/** One label for each key cap. */
export function keyLabels(id: CommandId): string[] {
  const command = commandOf(id)
  const keys = command.shown ?? command.keys[0] ?? ''
  return keys.split(' ').map((chord) =>
    splitChord(chord)
      .map((part) => SHOWN[part] ?? part)
      .join(' '),
  )
}

/** In the spelling of `aria-keyshortcuts`. */
export function ariaKeys(id: CommandId): string {
  return commandOf(id)
    .keys.map((keys) => keys.replaceAll('Mod', isMac ? 'Meta' : 'Control'))
    .join(' ')
}

// The plus key itself would be an empty part; no command has it.
const splitChord = (chord: string) => chord.split('+').filter((part) => part !== '')
