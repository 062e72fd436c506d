const letters = new Intl.Segmenter()
/** With the marks that belong to it. */
const firstLetter = (word: string): string => [...letters.segment(word)][0]?.segment ?? ''

/** First letters of the first two words: "MS". A number has none, and gets its last two digits. */
export function initials(name: string): string {
  const words = name
    // A name of another direction comes between marks that keep it apart.
    .replace(/[\u2066-\u2069]/g, '')
    .split(/\s+/)
    .filter((word) => /^\p{L}/u.test(word))
  if (words.length === 0) return name.replaceAll(/\D/g, '').slice(-2)
  return words.slice(0, 2).map(firstLetter).join('').toUpperCase()
}

/** One of six tints, always the same for the same id. */
export function tintOf(id: string): 1 | 2 | 3 | 4 | 5 | 6 {
  let hash = 0
  for (const character of id) hash = (hash * 31 + character.charCodeAt(0)) >>> 0
  return ((hash % 6) + 1) as 1 | 2 | 3 | 4 | 5 | 6
}
