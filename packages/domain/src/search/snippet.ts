import { joinedWordsOf, wordsOf, type TextWord, type WantedWords } from './search-words.ts'

/** A piece of a text, and whether it is what was looked for. */
export interface SnippetPiece {
  text: string
  match: boolean
}

/** Words before the first match and after it. */
const BEFORE = 5
const AFTER = 11
/** Characters, where a script has no blanks to end at. */
const MOST_READ = 20_000

/** The words around what was found, in pieces. */
export function snippetOf(text: string, wanted: readonly WantedWords[]): SnippetPiece[] {
  const read = text.slice(0, MOST_READ)
  const words = wordsOf(read)
  const marked = matches(words, joinedWordsOf(read), wanted)
  const first = Math.max(
    0,
    words.findIndex(({ to }) => to > (marked[0]?.from ?? 0)),
  )
  const from = words[first - BEFORE]?.from ?? 0
  const to = words[first + AFTER]?.to ?? read.length
  const pieces: SnippetPiece[] = []
  let at = from
  for (const match of marked) {
    if (match.to <= at || match.from >= to) continue
    const begin = Math.max(at, match.from)
    if (begin > at) pieces.push({ text: read.slice(at, begin), match: false })
    pieces.push({ text: read.slice(begin, match.to), match: true })
    at = match.to
  }
  if (at < to) pieces.push({ text: read.slice(at, to), match: false })
  if (from > 0) pieces.unshift({ text: '…', match: false })
  if (to < text.length) pieces.push({ text: '…', match: false })
  return pieces
}

/** In order, none within another. */
function matches(
  words: readonly TextWord[],
  joined: readonly TextWord[],
  wanted: readonly WantedWords[],
): { from: number; to: number }[] {
  const found = wanted.flatMap(({ ways }) =>
    ways.flatMap((way) => {
      const rows = way.together ? [way.words] : way.words.map((word) => [word])
      return rows.flatMap((row, index) => {
        const isBegun = way.isBegun && index === rows.length - 1
        return [...rowsIn(words, row, isBegun), ...rowsIn(joined, row, isBegun)]
      })
    }),
  )
  const inOrder = found.toSorted((a, b) => a.from - b.from || b.to - a.to)
  return inOrder.filter(({ to }, index) =>
    inOrder.slice(0, index).every((before) => before.to < to),
  )
}

function rowsIn(
  words: readonly TextWord[],
  row: readonly string[],
  isBegun: boolean,
): { from: number; to: number }[] {
  return words.flatMap((first, at) => {
    const isHere = row.every((word, index) => {
      const there = words[at + index]?.word
      return isBegun && index === row.length - 1 ? there?.startsWith(word) : there === word
    })
    return isHere ? [{ from: first.from, to: words[at + row.length - 1]?.to ?? first.to }] : []
  })
}
