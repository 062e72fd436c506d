/** First letters of the first two words: "MS". A number has none, and gets its last two digits. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word))
  const first = words[0]
  if (first === undefined) return name.replaceAll(/\D/g, '').slice(-2)
  const second = words[1]
  return (letter(first) + (second === undefined ? '' : letter(second))).toUpperCase()
}

const letter = (word: string) => [...word][0] ?? ''

/** One of six tints, always the same for the same id. */
export function tintOf(id: string): 1 | 2 | 3 | 4 | 5 | 6 {
  let hash = 0
  for (const character of id) hash = (hash * 31 + character.charCodeAt(0)) >>> 0
  return ((hash % 6) + 1) as 1 | 2 | 3 | 4 | 5 | 6
}
