import { canonicalPhone } from '../customers/identities.ts'
import { shownName } from '../people/names.ts'
import { foldWord, wordsOf } from './search-words.ts'

/**
 * A customer as they are looked for: name and identities without case and accents, numbers by all the ways in which
 * their country writes them. Each begins with a blank; so does, in scripts without blanks, each of a name's characters,
 * with what follows it.
 */
export function customerWords(name: string | null, externalIds: readonly string[]): string {
  const shown = shownName(name ?? '')
  const known = externalIds.flatMap((externalId) => [externalId, canonicalPhone(externalId)])
  const all = [shown, ...laterParts(shown), ...new Set(known)]
  return all.map((words) => ` ${foldWord(words)}`).join('')
}

/** Of neighbours that stand side by side without a blank: from each after the first to the last. */
function laterParts(name: string): string[] {
  const words = wordsOf(name)
  return words.flatMap((word, index) => {
    if (words[index - 1]?.to !== word.from) return []
    let end = index
    while (words[end]?.to === words[end + 1]?.from) end += 1
    return [name.slice(word.from, words[end]?.to)]
  })
}
