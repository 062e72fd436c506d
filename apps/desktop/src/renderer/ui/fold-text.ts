/** For comparing as people do: no case, no accents. */
export function foldText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** The text in pieces, with those that were looked for marked. Accents do not count. */
export function markMatch(text: string, wanted: string): { text: string; match: boolean }[] {
  const needle = foldText(wanted.trim())
  if (needle === '') return [{ text, match: false }]
  // Folding may change lengths; each character is folded by itself so that places can be found again.
  const characters = [...text]
  const folded = characters.map(foldText)
  const at = folded.join('').indexOf(needle)
  if (at === -1) return [{ text, match: false }]
  let from = 0
  for (let seen = 0; from < folded.length && seen < at; from += 1) seen += folded[from]?.length ?? 0
  let to = from
  for (let seen = 0; to < folded.length && seen < needle.length; to += 1)
    seen += folded[to]?.length ?? 0
  return [
    { text: characters.slice(0, from).join(''), match: false },
    { text: characters.slice(from, to).join(''), match: true },
    { text: characters.slice(to).join(''), match: false },
  ].filter((piece) => piece.text !== '')
}
