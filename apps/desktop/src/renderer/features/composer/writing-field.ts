type Field = HTMLTextAreaElement

/**
 * Puts words in the place of others as if they were typed: one step of the field's own undo. React hears of it as of
 * any typing. There is no other way than `execCommand` that keeps what can be undone.
 */
export function insertWords(field: Field, words: string, from: number, to: number): void {
  field.focus({ preventScroll: true })
  field.setSelectionRange(from, to)
  if (words === '') document.execCommand('delete')
  else document.execCommand('insertText', false, words)
}

export function insertAtCaret(field: Field, words: string): void {
  insertWords(field, words, field.selectionStart, field.selectionEnd)
}

/** Before what is there; the caret stays where one writes. */
export function insertBefore(field: Field, words: string): void {
  if (field.value.trim() === '') return insertWords(field, words, 0, field.value.length)
  const { selectionStart, selectionEnd } = field
  const lines = `${words}\n`
  insertWords(field, lines, 0, 0)
  field.setSelectionRange(selectionStart + lines.length, selectionEnd + lines.length)
}
