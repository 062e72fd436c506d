import { auditFilter, type AuditFilter, type ExportPageOutput } from '@parley/contracts'

import { type SealedRow } from '../../platform/audit-log.ts'
import { type Queryable } from '../../platform/database.ts'
import { type Doer } from '../../platform/doer.ts'
import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { findPlaces } from './find-places.ts'
import { SEALED_COLUMNS } from './verify.ts'

const LINES_AT_ONCE = 200

/** Says in the log what is taken out of it. Asked again it is the same export. */
export function beginExport(
  { db, audit }: Services,
  by: Doer,
  { exportId, filter }: { exportId: string; filter: AuditFilter },
): Promise<void> {
  return db.transaction(async (tx) => {
    if ((await findExport(tx, by, exportId)) !== null) return
    const { text, ...others } = filter
    const said = { ...others, text: text?.typed ?? null, saying: text?.actions ?? [] }
    audit.record(tx, by, {
      action: 'audit.exported',
      target: { kind: 'export', id: exportId },
      after: Object.fromEntries(Object.entries(said).filter(([, value]) => isSet(value))),
    })
  })
}

/**
 * What an export that this person has begun goes on with: entries from before it, the newest first.
 * @throws Failure `not_found`
 */
export async function exportPage(
  db: Queryable,
  by: Doer,
  { exportId, before }: { exportId: string; before: number | null },
): Promise<ExportPageOutput> {
  const begun = await findExport(db, by, exportId)
  if (begun === null) throw new Failure('not_found')
  const { seqs, next } = await findPlaces(db, begun.filter, {
    before: before ?? begun.seq,
    limit: LINES_AT_ONCE,
  })
  const rows = await db.many<SealedRow & { previous: Buffer; hash: Buffer }>(sql`
    SELECT ${SEALED_COLUMNS}, a.hash, COALESCE(b.hash, c.pruned_hash) AS previous
    FROM audit_log a LEFT JOIN audit_log b ON b.seq = a.seq - 1 CROSS JOIN audit_chain c
    WHERE a.seq = ANY(${seqs}::bigint[]) ORDER BY a.at DESC, a.seq DESC`)
  return { lines: rows.map(toLine), next }
}

async function findExport(
  db: Queryable,
  by: Doer,
  exportId: string,
): Promise<{ seq: number; filter: AuditFilter } | null> {
  const entry = await db.maybe<{ seq: string; after: Record<string, unknown> }>(sql`
    SELECT seq::text, after FROM audit_log
    WHERE target_id = ${exportId} AND action = 'audit.exported' AND at > NOW() - INTERVAL '1 day'
      AND actor_kind = ${by.kind} AND actor_id IS NOT DISTINCT FROM ${by.id}::uuid`)
  if (entry === null) return null
  const { text = null, saying = [], ...others } = entry.after
  const filter = auditFilter.parse({
    ...NO_FILTER,
    ...others,
    text: text === null ? null : { typed: text, actions: saying },
  })
  return { seq: Number(entry.seq), filter }
}

const NO_FILTER: AuditFilter = {
  actorId: null,
  actorKind: null,
  targetId: null,
  actions: [],
  from: null,
  to: null,
  text: null,
}

function isSet(value: unknown): boolean {
  return value !== null && !(Array.isArray(value) && value.length === 0)
}

/** What was and what is go in letter by letter, as the seal covers them. */
function toLine({ before, after, previous, hash, ...row }: SealedRow & Hashes): string {
  const named = {
    seq: Number(row.seq),
    at: row.at,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    sessionId: row.session_id,
    address: row.address,
    action: row.action,
    targetKind: row.target_kind,
    targetId: row.target_id,
    requestId: row.request_id,
    keyId: row.key_id,
    previous: previous.toString('hex'),
    hash: hash.toString('hex'),
  }
  return `${JSON.stringify(named).slice(0, -1)},"before":${before ?? 'null'},"after":${after ?? 'null'}}`
}

interface Hashes {
  previous: Buffer
  hash: Buffer
}
