import { type FeedCursor } from '@parley/contracts'

import { type Change } from './feed.queries.ts'

/** A place in the feed. Everything at or before it has been delivered. */
export interface Position {
  epoch: string
  transaction: bigint
  number: bigint
}

export function toCursor({ epoch, transaction, number }: Position): FeedCursor {
  return `${epoch}:${transaction}:${number}`
}

/** Null for what is no cursor at all. */
export function parseCursor(cursor: string): Position | null {
  const [epoch, transaction, number] = cursor.split(':')
  if (!epoch || !/^\d{1,20}$/.test(transaction ?? '') || !/^\d{1,19}$/.test(number ?? ''))
    return null
  return { epoch, transaction: BigInt(transaction as string), number: BigInt(number as string) }
}

export function isAfter(a: Position, b: Position): boolean {
  return a.transaction > b.transaction || (a.transaction === b.transaction && a.number > b.number)
}

/** The place of the last of these changes, of which there is at least one. */
export function after({ epoch }: Position, changes: Change[]): Position {
  const { transaction, number } = changes.at(-1) as Change
  return { epoch, transaction, number }
}
