/**
 * How people are called wherever a name is shown: in the window, in what the operating system shows, in what the server
 * lists. A name is its bearer's own choice and arrives as anything; nobody shows one that has not been through here.
 */

/** What shows nothing where it stands: also letters whose shape is empty, which some call themselves by. */
const EMPTY_SHAPES = /[\u2800\u{1D159}\uFFFC\uFFF9-\uFFFB]/gu
const SPACES = /[\p{White_Space}\p{Cc}]+/gu
/** Format characters, controls of direction and fillers among them. */
const IGNORABLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/u
/** Those that nothing needs, wherever they stand. */
const NEVER_NEEDED =
  /(?!\u200C|\u200D|\p{Variation_Selector}|[\u{E0020}-\u{E007F}])[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu
const JOINER = /\u200C|\u200D/u
const VARIATION = /\p{Variation_Selector}/u
const FLAG_OF_REGION = /\u{1F3F4}[\u{E0020}-\u{E007E}]+\u{E007F}/uy
/** Scripts whose letters no joiner holds apart or together: there it only makes two names look like one. */
const NEVER_JOINED = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}]/u
const JOINED = /[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F]/u
/** Marks above each other reach over the lines around; no language needs more. */
const PILED_MARKS = /([\p{Mn}\p{Me}]{4})[\p{Mn}\p{Me}]+/gu
/** By less than this nobody can be told from anybody else. */
const TELLS_SOMETHING = /[\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}\p{So}]/u
const RIGHT_TO_LEFT =
  /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u

/** What turns around what follows it. */
const TURNS = /[\u061C\u200F\u202A-\u202E\u2066-\u2069]/u
const ISOLATES = /[\u2066-\u2069]/gu

const FIRST_STRONG_ISOLATE = '\u2068'
const POP_ISOLATE = '\u2069'

/** Any words in one line, without what cannot be seen. */
export function visibleLine(written: string): string {
  return withoutInvisible(written.toWellFormed().normalize('NFC').replace(SPACES, ' '))
    .replace(PILED_MARKS, '$1')
    .replace(/ +/g, ' ')
    .trim()
}

/** The name in one line; empty where nothing is left by which to tell somebody. */
export function shownName(written: string): string {
  const line = visibleLine(written)
  return TELLS_SOMETHING.test(line) ? line : ''
}

function withoutInvisible(line: string): string {
  let last = ''
  const characters = [...line.replace(EMPTY_SHAPES, '').replace(NEVER_NEEDED, '')]
  let shown = ''
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index] ?? ''
    const flag = character === '\u{1F3F4}' ? flagAt(characters, index) : null
    if (flag !== null) {
      shown += flag
      last = flag
      index += [...flag].length - 1
    } else if (!IGNORABLE.test(character) || isNeeded(character, last, characters[index + 1])) {
      shown += character
      last = character
    }
  }
  return shown
}

/** England, Scotland and Wales are written with characters that show nothing elsewhere. */
function flagAt(characters: readonly string[], index: number): string | null {
  FLAG_OF_REGION.lastIndex = 0
  return FLAG_OF_REGION.exec(characters.slice(index, index + 10).join(''))?.[0] ?? null
}

/** What shows nothing itself, but changes how its neighbours look: emoji, Persian and Indian scripts need it. */
function isNeeded(character: string, last: string, next = ''): boolean {
  if (VARIATION.test(character)) return last !== '' && last !== ' ' && !VARIATION.test(last)
  return (
    JOINER.test(character) &&
    JOINED.test(last) &&
    JOINED.test(next) &&
    !NEVER_JOINED.test(last) &&
    !NEVER_JOINED.test(next)
  )
}

/**
 * So that words of another direction leave what stands around them where it is: a time beside an Arabic name stays
 * beside it. Once only, and only where there is something to keep apart.
 */
export function isolated(words: string): string {
  if (!RIGHT_TO_LEFT.test(words) && !TURNS.test(words)) return words
  // Of its own kind nothing may stand inside, or it would end there.
  return `${FIRST_STRONG_ISOLATE}${words.replace(ISOLATES, '')}${POP_ISOLATE}`
}

/** How a colleague is called. */
export function callPerson({ id, fullName }: { id: string; fullName: string }): string {
  return isolated(shownName(fullName)) || `…${endOf(id)}`
}

/** By which those who have no name are told apart. */
export function endOf(id: string): string {
  return [...id.replace(/[^\p{L}\p{N}]/gu, '')].slice(-4).join('').toUpperCase()
}

const NAMES = new Intl.Collator('es', { numeric: true })

/** The order of names, the same on every machine: Equipo 2 stands before Equipo 10. */
export const byName = (one: string, other: string): number => NAMES.compare(one, other)
