/** How triage reads text: what differs only by accents, capitals or punctuation is the same. */

/** Lower case, no accents, single spaces, with a space at both ends so that whole words can be found. */
export function toWords(text: string): string {
  return ` ${fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `
}

/** @param words what `toWords` made  @param phrase folded already: lower case, no accents */
export function containsPhrase(words: string, phrase: string): boolean {
  return words.includes(` ${phrase} `)
}

/** Lower case without accents; punctuation stays. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}
