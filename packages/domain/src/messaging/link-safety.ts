/**
 * Whether an address in a message leads where it seems to. What deceives is shown with the host that it really leads to
 * and opens nothing, here and in the process that would open it.
 */

export type LinkDanger =
  /** What stands before an @ looks like the host, and is none. */
  | 'credentials'
  /** Something in it cannot be seen, or turns the line around. */
  | 'hidden'
  /** Its host is written in letters that look like others. */
  | 'look_alike'
  /** Longer than what every system opens. */
  | 'too_long'

export interface InspectedLink {
  /** As it would be opened. */
  url: string
  /** Where it really leads, in the letters that name servers know. */
  host: string
  danger: LinkDanger | null
}

export const LONGEST_LINK = 2048

const SCHEME = /^https?:\/\//i
const HIDDEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\p{Zl}\p{Zp}\u2800]/u
const ASCII = /^[\x21-\x7e]*$/

/** @returns null for what is no address of the web */
export function inspectLink(written: string): InspectedLink | null {
  if (!SCHEME.test(written) || !URL.canParse(written)) return null
  const url = new URL(written)
  return { url: url.href, host: url.host, danger: dangerOf(written, url) }
}

function dangerOf(written: string, url: URL): LinkDanger | null {
  if (HIDDEN.test(written)) return 'hidden'
  if (url.username !== '' || url.password !== '' || authorityOf(written).includes('@')) {
    return 'credentials'
  }
  if (!isPlainHost(authorityOf(written).replace(/:\d*$/, ''), url.hostname)) return 'look_alike'
  return url.href.length > LONGEST_LINK ? 'too_long' : null
}

/** Between the slashes, as it is read: browsers take a backslash for a slash, readers may not. */
function authorityOf(written: string): string {
  return /^[^/?#]*/.exec(written.replace(SCHEME, ''))?.[0] ?? ''
}

function isPlainHost(written: string, hostname: string): boolean {
  const host = written.toLowerCase()
  if (ASCII.test(host)) return host === hostname && !/(^|\.)xn--/.test(host)
  // Full-width letters and the like become others on the way.
  if (host.normalize('NFKC') !== host) return false
  // A full stop of Chinese or Japanese divides the host, and looks as if it ended it.
  if (host.includes('。')) return false
  const labels = host.split('.')
  const top = labels.at(-1) ?? ''
  return labels.every((label) => ASCII.test(label) || isPlainLabel(label, top))
}

const LATIN = /^[\p{Script=Latin}\d-]+$/u
/**
 * Letters that differ from those of English by what stands above or below them, where everybody sees it: none that only
 * has a dot more or a stroke through it.
 */
const PLAIN_LATIN = /^[a-z\d\-ß-öø-ÿāăąćĉčďēĕęěĝğģĥĩīĭįĵķĺļľńņňōŏőœŕŗřśŝşšţťũūŭůűųŵŷźžșț]+$/u
/** Scripts that have no letter in common with Latin, by the sets in which they are written together. */
const APART = [
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々\d-]+$/u,
  /^[\p{Script=Han}\p{Script=Bopomofo}\d-]+$/u,
  /^[\p{Script=Han}\p{Script=Hangul}\d-]+$/u,
  /^[\p{Script=Devanagari}\d-]+$/u,
  /^[\p{Script=Thai}\d-]+$/u,
]
/** Scripts with letters that look like Latin ones: trusted only under a domain of their own. */
const ALIKE = [
  /^[\p{Script=Cyrillic}\d-]+$/u,
  /^[\p{Script=Greek}\d-]+$/u,
  /^[\p{Script=Armenian}\d-]+$/u,
  /^[\p{Script=Georgian}\d-]+$/u,
]

function isPlainLabel(label: string, top: string): boolean {
  // By itself it looks like a dash.
  if (/^ー+$/u.test(label)) return false
  if (LATIN.test(label)) return PLAIN_LATIN.test(label)
  return (
    APART.some((script) => script.test(label)) ||
    ALIKE.some((script) => script.test(label) && script.test(top))
  )
}
