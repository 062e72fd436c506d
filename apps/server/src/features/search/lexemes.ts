import { joinedWordsOf, wordsOf, type WantedWords } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'

/**
 * How messages stand in the index. Each lexeme begins with the bucket of the message's number: `3f:código` finds within
 * 8,192 messages, so the newest buckets are asked first and little has to be put in order, however common a word is.
 * Beside the words stand their stems (`=`), and whose the conversation is: its team (`#`) and its owner (`@`). These
 * narrow; whether a person may see a message is asked of its conversation.
 */
const BUCKET_BITS = 13n
/** Longer texts are found by their beginning, and longer words by theirs. */
const MOST_INDEXED = 20_000
const LONGEST_WORD = 64

export type Stems = ReadonlyMap<string, readonly string[]>

export interface IndexedMessage {
  id: string
  seq: string
  text: string
  team_id: string | null
  assigned_to: string | null
}

export function bucketOf(seq: bigint): number {
  return Number(seq >> BUCKET_BITS)
}

/** All words of a text, with where they stand. */
export function wordsToIndex(text: string): { word: string; position: number | null }[] {
  const read = text.slice(0, MOST_INDEXED)
  return [
    ...wordsOf(read).map(({ word }, index) => ({ word: cut(word), position: index + 1 })),
    ...joinedWordsOf(read).map(({ word }) => ({ word: cut(word), position: null })),
  ]
}

/** As PostgreSQL reads a `tsvector`. */
export function lexemesOf(
  { seq, text, team_id, assigned_to }: IndexedMessage,
  stems: Stems,
): string {
  const bucket = bucketOf(BigInt(seq))
  const positions = new Map<string, number[]>()
  const add = (lexeme: string): number[] => {
    const known = positions.get(lexeme) ?? []
    positions.set(lexeme, known)
    return known
  }
  for (const { word, position } of wordsToIndex(text)) {
    const known = add(word)
    if (position !== null) known.push(position)
    for (const stem of stems.get(word) ?? []) add(`=${stem}`)
  }
  for (const owner of ownersOf({
    teamIds: team_id === null ? [] : [team_id],
    userId: assigned_to,
  })) {
    add(owner)
  }
  return [...positions]
    .map(([lexeme, at]) => `${quoted(bucket, lexeme)}${at.length === 0 ? '' : `:${at.join()}`}`)
    .join(' ')
}

/**
 * What is wanted, in this bucket, as PostgreSQL reads a `tsquery`.
 * @param owners one of which has to be there; null: whatever they are
 */
export function queryIn(
  bucket: number,
  wanted: readonly WantedWords[],
  stems: Stems,
  owners: readonly string[] | null,
): string {
  const all = wanted.map(({ ways }) => either(ways.map((way) => queryOf(bucket, way, stems))))
  if (owners !== null) all.push(either(owners.map((owner) => quoted(bucket, owner))))
  return all.join(' & ')
}

function queryOf(
  bucket: number,
  { words, together, isBegun }: WantedWords['ways'][number],
  stems: Stems,
): string {
  const lexemes = words.map((word, index) => {
    const isLast = index === words.length - 1
    return `${quoted(bucket, cut(word))}${isLast && isBegun ? ':*' : ''}`
  })
  if (words.length > 1) return `(${lexemes.join(together ? ' <-> ' : ' & ')})`
  const stemmed = words.flatMap((word) => stems.get(cut(word)) ?? [])
  return either([...lexemes, ...stemmed.map((stem) => quoted(bucket, `=${stem}`))])
}

/** Whose a message is, or whose a person looks through. */
export function ownersOf(of: { teamIds: readonly string[]; userId: string | null }): string[] {
  return [
    ...of.teamIds.map((id) => `#${endOf(id)}`),
    ...(of.userId === null ? [] : [`@${endOf(of.userId)}`]),
  ]
}

/** Two with the same end are told apart by their permissions. */
const endOf = (id: string): string => id.slice(-12)

const either = (queries: readonly string[]): string => `(${queries.join(' | ')})`

const cut = (word: string): string => word.slice(0, LONGEST_WORD).toWellFormed()

function quoted(bucket: number, lexeme: string): string {
  return `'${bucket.toString(36)}:${lexeme.replace(/['\\]/g, '$&$&')}'`
}

/** The Spanish and English stems of words, where they are others than the words. */
export async function stemsOf(db: Queryable, words: Iterable<string>): Promise<Stems> {
  const records = await db.many<{ word: string; stems: string[] }>(sql`
    SELECT word, ARRAY(
      SELECT DISTINCT stem
      FROM unnest(ts_lexize('pg_catalog.spanish_stem', word) || ts_lexize('pg_catalog.english_stem', word)) AS stem
    ) AS stems
    FROM unnest(${[...new Set(words)]}::text[]) AS word`)
  return new Map(records.map(({ word, stems }) => [word, stems]))
}
