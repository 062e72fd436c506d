import { auditEntry, type AuditInput, type AuditOutput } from '@parley/contracts'

import { type Queryable } from '../../platform/database.ts'
import { recordAs } from '../../platform/record-as.ts'
import { sql } from '../../platform/sql.ts'
import { findPlaces } from './find-places.ts'

const toEntry = recordAs(auditEntry)

interface NamedRecord {
  actor_name: string | null
  target_name: string | null
}

/** The newest first. */
export async function findEntries(
  db: Queryable,
  { before, limit, ...filter }: AuditInput,
): Promise<AuditOutput> {
  const { seqs, ...place } = await findPlaces(db, filter, { before, limit })
  const records = await db.many<NamedRecord>(sql`
    SELECT a.*, COALESCE(actor.full_name, actor_key.name) AS actor_name,
           CASE a.target_kind
             WHEN 'person' THEN (SELECT u.full_name FROM users u WHERE u.id::text = a.target_id)
             WHEN 'team' THEN (SELECT t.name FROM teams t WHERE t.id::text = a.target_id)
             WHEN 'tag' THEN (SELECT t.name FROM tags t WHERE t.id::text = a.target_id)
             WHEN 'identity_provider' THEN (SELECT p.name FROM identity_providers p WHERE p.id::text = a.target_id)
             WHEN 'api_key' THEN (SELECT k.name FROM api_keys k WHERE k.id::text = a.target_id)
             WHEN 'group' THEN (SELECT g.display_name FROM directory_groups g WHERE g.id::text = a.target_id)
           END AS target_name
    FROM audit_log a LEFT JOIN users actor ON actor.id = a.actor_id
    LEFT JOIN api_keys actor_key ON actor_key.id = a.actor_id
    WHERE a.seq = ANY(${seqs}::bigint[]) ORDER BY a.at DESC, a.seq DESC`)
  const entries = records.map((record) => ({
    ...toEntry(record),
    actorName: record.actor_name,
    targetName: record.target_name,
  }))
  return { entries, ...place }
}
