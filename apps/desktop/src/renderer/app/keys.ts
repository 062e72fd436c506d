import { type CommandId } from '../contributions/contributed.ts'
import { derived } from '../contributions/registry.ts'
import { commandOf, commandTable } from './command-table.ts'
import { type KeyPress } from './key-press.ts'
import { firstOf } from './own-keys.ts'
import { isMac } from './platform.ts'
import { type KeyMeaning } from './typing-run.ts'

/**
 * What was pressed, in the table's spelling: by what the key writes and not by where it lies, so that it is right on
 * every layout. Shift is told for letters and named keys, not for signs and digits, which need it on some.
 */
export function spell(press: KeyPress): string {
  const mod = isMac ? press.metaKey : press.ctrlKey
  const key = (mod && (digitUnder(press) ?? letterUnder(press))) || press.key
  const isLetter = key.length > 1 || /[\p{L} ]/u.test(key)
  const name = key.length === 1 ? key.toUpperCase() : key
  return [mod && 'Mod', press.altKey && 'Alt', press.shiftKey && isLetter && 'Shift', name]
    .filter(Boolean)
    .join('+')
}

/** AZERTY writes its digits with Shift; Ctrl and the bare key mean the digit there, as in every browser. */
function digitUnder({ key, code = '', shiftKey }: KeyPress): string | null {
  if (shiftKey || key.length !== 1 || /[\p{N}]/u.test(key)) return null
  return /^Digit(\d)$/.exec(code)?.[1] ?? null
}

/** Where letters are not Latin ones, Ctrl and a key mean the letter on its cap, as in every program there. */
function letterUnder({ key, code = '' }: KeyPress): string | null {
  if (!/^\p{L}$/u.test(key) || /^\p{Script=Latin}$/u.test(key)) return null
  return /^Key([A-Z])$/.exec(code)?.[1] ?? null
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

/** Every key that acts somewhere while nobody types, and which of them are pressed in a row. */
const bareKeys = derived(() => {
  const all = new Map<string, 'command' | 'repeats'>()
  for (const { keys, repeats } of commandTable()) {
    for (const one of keys)
      if (all.get(one) !== 'command') all.set(one, repeats ? 'repeats' : 'command')
  }
  return all
})

/** What a printable key means while nobody writes, and whether it completes what the one before it began. */
export function meaningOf(
  press: KeyPress,
  before: KeyPress | null,
): { meaning: KeyMeaning; completes: boolean } {
  const keys = spell(press)
  const completes = before !== null && windowKeys().byKeys.has(`${spell(before)} ${keys}`)
  if (windowKeys().firstKeys.has(keys)) return { meaning: 'begins', completes }
  return { meaning: bareKeys().get(keys) ?? 'nothing', completes }
}

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
  return labelsOf(command.shown ?? command.keys[0] ?? '')
}

/** None where it has no key. */
export function labelsOf(keys: string): string[] {
  return keys
    .split(' ')
    .filter((chord) => chord !== '')
    .map((chord) =>
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
