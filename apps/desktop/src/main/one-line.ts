import { isolated, visibleLine } from '@parley/domain'

/** In what people see as one character each. */
const LONGEST = 80
/** What could not be shown in a line anyway is not looked at character by character. */
const MOST_READ = 2_000

const characters = new Intl.Segmenter()

/**
 * What somebody else chose or wrote stays one short line that runs its own way, whatever it holds. Cut between
 * characters: an emoji of several, or a letter and its marks, are one.
 */
export function oneLine(written: string): string {
  const line = visibleLine(written.slice(0, MOST_READ))
  let end = 0
  let count = 0
  for (const { index, segment } of characters.segment(line)) {
    if (count === LONGEST) return isolated(`${line.slice(0, end)}…`)
    if (count < LONGEST - 1) end = index + segment.length
    count += 1
  }
  return isolated(line)
}
