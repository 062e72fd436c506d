import { type KeyPress } from './key-press.ts'

const EDITS = new Set(['Backspace', 'Delete', 'Home', 'End'])
const MOVES = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'])
const LETTERS = new Set(['a', 'c', 'v', 'x', 'z', 'y'])
/** The keys that macOS has in every text field since Emacs. */
const CONTROL_LETTERS = new Set([
  'a',
  'b',
  'd',
  'e',
  'f',
  'h',
  'k',
  'n',
  'o',
  'p',
  't',
  'v',
  'w',
  'y',
])

/** Whether a text field itself knows what to do with this key: then nobody takes it from who writes. */
export function isTextEditing(press: KeyPress, isMac: boolean): boolean {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = press
  const letter = key.toLowerCase()
  const mod = isMac ? metaKey : ctrlKey
  if (EDITS.has(key)) return true
  if (MOVES.has(key)) return isMac || !altKey
  // What macOS writes with Option, and others with AltGr, is text.
  if (altKey && (isMac ? !metaKey && !ctrlKey : ctrlKey) && key.length === 1) return true
  if (isMac && ctrlKey && !metaKey) return CONTROL_LETTERS.has(letter)
  if (!mod || altKey) return false
  return LETTERS.has(letter) && (!shiftKey || letter === 'z' || letter === 'v')
}
