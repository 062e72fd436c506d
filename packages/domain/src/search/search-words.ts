/**
 * Texts as what can be found in them. Words stand between blanks where a script has blanks; where it has none, every
 * character stands by itself, and neighbours are found as neighbours. The same for what is searched and for what is
 * looked for, so that they meet: no case, no accents, numbers with their separators and without.
 */

/** A word, and where in the text it stands. */
export interface TextWord {
  word: string
  from: number
  to: number
}

/** What is written without blanks: every character stands by itself. */
const WITHOUT_BLANKS =
  '[[\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Hangul}]--[\\p{P}\\p{S}\\p{M}]]'
const WITHOUT_BLANKS_MARKED = '[[\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}]&&\\p{L}]'
const EMOJI =
  '\\p{RGI_Emoji_Flag_Sequence}|\\p{Extended_Pictographic}[\\p{Emoji_Modifier}\\uFE0F\\u200D]*'
const WORD = `[[\\p{L}\\p{N}\\p{M}\\u00AD\\u200C\\u200D]--${WITHOUT_BLANKS}--${WITHOUT_BLANKS_MARKED}]+`
const PIECE = new RegExp(`${WORD}|${WITHOUT_BLANKS}|${WITHOUT_BLANKS_MARKED}\\p{M}*|${EMOJI}`, 'gv')
/** c++, C#: marks that belong to the word before them. */
const WITH_MARKS = /(?<![\p{L}\p{N}])[\p{L}\p{N}]{1,32}(?:\+{1,2}|#)(?![\p{L}\p{N}+#])/gu
/** Numbers and folios in groups: (55) 1234-5678, MX-2026-00417. */
const GROUPED =
  /(?<![\p{L}\p{N}])(?:(?:[\p{L}\p{N}]{1,32}-){1,8}[\p{L}\p{N}]{1,32}|\p{Nd}{1,32}(?:[ \u00A0\u202F()./\-\u2010-\u2013]{1,3}\p{Nd}{1,32}){1,11})(?![\p{L}\p{N}])/gu
const FEWEST_DIGITS = 5
const MOST_JOINED = 32
/** A number without its country's code is the same one by so many digits. */
const LONG_ENOUGH = 7

/**
 * What people leave out when they look for a word: marks over its letters, joiners and hyphens that cannot be seen, the
 * colour of an emoji's skin. The marks of Indian scripts are letters to who writes them.
 */
const OPTIONAL = new RegExp(
  `[${[
    // Joiners and hyphens that cannot be seen.
    '\\u00AD\\u200C\\u200D',
    // Accents, of Latin, Greek and Cyrillic, and around symbols.
    '\\u0300-\\u036F\\u0483-\\u0487\\u1AB0-\\u1AFF\\u1DC0-\\u1DFF\\u20D0-\\u20FF',
    // Vowels of Hebrew and Arabic.
    '\\u0591-\\u05C7\\u0610-\\u061A\\u0640\\u064B-\\u065F\\u0670',
    // How an emoji is drawn.
    '\\uFE0E\\uFE0F',
  ].join('')}]|\\p{Emoji_Modifier}`,
  'gu',
)

/** Most are. */
const PLAIN = /^[\x20-\x7e]*$/

/** «Héctor», «HECTOR» and full-width letters are one word. */
export function foldWord(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase()
  return text.normalize('NFKD').replace(OPTIONAL, '').normalize('NFC').toLowerCase()
}

/** Compatible forms bring blanks and brackets along, which no word has. */
const NO_PART_OF_WORDS = /[^\p{L}\p{N}\p{M}\p{Extended_Pictographic}\p{Regional_Indicator}+#]/gu
const asWord = (piece: string): string => foldWord(piece).replace(NO_PART_OF_WORDS, '')

/** In the order in which they stand. */
export function wordsOf(text: string): TextWord[] {
  const words: TextWord[] = []
  for (const { index, 0: piece } of text.matchAll(PIECE)) {
    const word = asWord(piece)
    if (word !== '') words.push({ word, from: index, to: index + piece.length })
  }
  return words
}

/** What the words alone do not say: marks that make another word, and groups as one number. */
export function joinedWordsOf(text: string): TextWord[] {
  // Most texts have none of these, and every text that comes is read.
  if (!/[+#\p{Nd}]/u.test(text)) return []
  const marked = [...text.matchAll(WITH_MARKS)].map(({ index, 0: piece }) => ({
    word: asWord(piece),
    from: index,
    to: index + piece.length,
  }))
  return [...marked, ...[...text.matchAll(GROUPED)].flatMap(joinings)]
}

/** From each group on to the end: a number is looked for with its country's code and without. */
function joinings({ index, 0: whole }: RegExpExecArray): TextWord[] {
  const groups = [...whole.matchAll(/[\p{L}\p{N}]+/gu)]
  return groups.slice(0, -1).flatMap((group) => {
    const from = index + group.index
    const word = asWord(whole.slice(group.index).replace(/[^\p{L}\p{N}]/gu, ''))
    const digits = word.replace(/\P{Nd}/gu, '').length
    const isOne = digits >= FEWEST_DIGITS || (digits > 0 && /\p{L}/u.test(word))
    return isOne && word.length <= MOST_JOINED ? [{ word, from, to: index + whole.length }] : []
  })
}

/** All words of a text, for an index that takes what stands between blanks as it is. */
export function indexedWords(text: string): string {
  return [...wordsOf(text), ...joinedWordsOf(text)].map(({ word }) => word).join(' ')
}

/** What has to be in a text, in one of these ways. */
export interface WantedWords {
  /** As it may stand within something longer. */
  within: string
  ways: WantedWay[]
}

export interface WantedWay {
  words: string[]
  /** They stand side by side; else anywhere. */
  together: boolean
  /** The last one may go on. */
  isBegun: boolean
}

/** @param typed words, of which the last one may be unfinished */
export function wantedIn(typed: string): WantedWords[] {
  const words = wordsOf(typed)
  const last = words.at(-1)
  const joined = joinedWordsOf(typed)
  const wanted: WantedWords[] = []
  let until = 0
  words.forEach((word, index) => {
    if (word.from < until) return
    const wholes = joined.filter(({ from }) => from === word.from)
    if (wholes.length > 0) {
      until = Math.max(...wholes.map(({ to }) => to))
      const inside = words.filter(({ from }) => from >= word.from && from < until)
      const isLast = inside.at(-1) === last
      wanted.push(wantedJoined(wholes, inside, isLast, joined))
      return
    }
    const row = neighboursFrom(words, index)
    until = row.at(-1)?.to ?? until
    const found = row.map((one) => one.word)
    wanted.push({
      within: found.join(''),
      ways: [{ words: found, together: true, isBegun: row.at(-1) === last }],
    })
  })
  return wanted
}

/** Characters of a script without blanks, and emoji, as they follow each other without one. */
function neighboursFrom(words: readonly TextWord[], index: number): TextWord[] {
  let end = index + 1
  while (words[end]?.from === words[end - 1]?.to) end += 1
  return words.slice(index, end)
}

/** As one word, from whichever group on is long enough to be the same number; or its groups as they were typed. */
function wantedJoined(
  wholes: readonly TextWord[],
  inside: readonly TextWord[],
  isLast: boolean,
  joined: readonly TextWord[],
): WantedWords {
  const [whole] = wholes
  const isMarked = inside.length === 1
  const from = (inside[0] as TextWord).from
  const to = Math.max(...wholes.map((one) => one.to))
  const shorter = joined.filter(
    (one) => one.from > from && one.to === to && one.word.length >= LONG_ENOUGH,
  )
  const asOne = [whole as TextWord, ...shorter].map(({ word }) => ({
    words: [word],
    together: true,
    isBegun: isLast && !isMarked,
  }))
  const apart = { words: inside.map(({ word }) => word), together: false, isBegun: isLast }
  return {
    within: (whole as TextWord).word,
    ways: isMarked ? asOne : [...asOne, apart],
  }
}
