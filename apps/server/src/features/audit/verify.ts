import { type AuditLog, type SealedRow } from '../../platform/audit-log.ts'
import { type Queryable } from '../../platform/database.ts'
import { fragment, sql } from '../../platform/sql.ts'

const ROWS_AT_ONCE = 2_000

export type Verified =
  | { isIntact: true; first: number; last: number; head: string }
  | {
      isIntact: false
      /** The first row that is not as it was written, or the one that is not there. */
      seq: number
      problem: 'altered' | 'missing' | 'other_key' | 'old_key' | 'cut'
    }

/** What the log says of where it begins. */
interface Pruned {
  seq: string
  hash: string
}

interface Row extends SealedRow {
  hash: Buffer
}

/**
 * Whether the log is as it was written, from where retention has left it to its end, at one moment.
 * @param head a hash that the log ended with earlier, as the server's own log has it: still has to be there
 */
export async function verifyLog(db: Queryable, log: AuditLog, head?: string): Promise<Verified> {
  const chain = await readChain(db)
  const verified = await verifyRows(db, log, chain, head)
  // Retention may have removed what was still to be read.
  const isStill = (await readChain(db)).pruned_seq === chain.pruned_seq
  return verified.isIntact || isStill ? verified : verifyLog(db, log, head)
}

async function verifyRows(
  db: Queryable,
  { sealOf, hasKey, keyId }: AuditLog,
  chain: Chain,
  head: string | undefined,
): Promise<Verified> {
  const first = BigInt(chain.pruned_seq) + 1n
  const last = BigInt(chain.seq)
  let previous = chain.pruned_hash
  let next = first
  let isHeadSeen = head === undefined
  let lastKeyId = keyId
  let pruned = null as Pruned | null
  while (next <= last) {
    const rows = await readRows(db, next, last)
    for (const row of rows) {
      const at = Number(next)
      if (row.seq !== String(next)) return { isIntact: false, seq: at, problem: 'missing' }
      if (!hasKey(row.key_id)) return { isIntact: false, seq: at, problem: 'other_key' }
      if (!sealOf(previous, row).equals(row.hash))
        return { isIntact: false, seq: at, problem: 'altered' }
      if (row.action === 'audit.pruned') pruned = JSON.parse(row.after ?? 'null') as Pruned | null
      previous = row.hash
      lastKeyId = row.key_id
      isHeadSeen ||= row.hash.toString('hex') === head
      next++
    }
    if (rows.length === 0) return { isIntact: false, seq: Number(next), problem: 'missing' }
  }
  const isBegunRightly =
    chain.pruned_seq === '0' ||
    (pruned?.seq === chain.pruned_seq && pruned.hash === chain.pruned_hash.toString('hex'))
  if (!isBegunRightly) return { isIntact: false, seq: Number(first), problem: 'cut' }
  if (!previous.equals(chain.hash) || !isHeadSeen) {
    return { isIntact: false, seq: Number(next), problem: 'cut' }
  }
  // Whoever has a key of earlier could have written the end anew; the present one seals every log that goes on.
  if (lastKeyId !== keyId) return { isIntact: false, seq: Number(last), problem: 'old_key' }
  return {
    isIntact: true,
    first: Number(first),
    last: Number(last),
    head: previous.toString('hex'),
  }
}

interface Chain {
  pruned_seq: string
  pruned_hash: Buffer
  seq: string
  hash: Buffer
}

function readChain(db: Queryable): Promise<Chain> {
  return db.one(sql`SELECT pruned_seq::text, pruned_hash, seq::text, hash FROM audit_chain`)
}

/** Of an entry `a`, as text where the hash covers their text. */
export const SEALED_COLUMNS = fragment`
  a.seq::text, to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, a.actor_kind, a.actor_id,
  a.session_id, a.address, a.action, a.target_kind, a.target_id, a.before::text, a.after::text, a.request_id, a.key_id`

function readRows(db: Queryable, from: bigint, to: bigint): Promise<Row[]> {
  return db.many(sql`
    SELECT ${SEALED_COLUMNS}, a.hash
    FROM audit_log a WHERE a.seq BETWEEN ${String(from)} AND ${String(to)} ORDER BY a.seq LIMIT ${ROWS_AT_ONCE}`)
}
