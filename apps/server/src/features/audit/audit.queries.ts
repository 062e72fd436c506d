import { auditEntry, type AuditInput, type AuditOutput } from '@parley/contracts'

import { type Queryable } from '../../platform/database.ts'
import { recordAs } from '../../platform/record-as.ts'
import { every, fragment, sql } from '../../platform/sql.ts'

const toEntry = recordAs(auditEntry)

interface NamedRecord {
  actor_name: string | null
  target_name: string | null
}

/** The newest first. */
export async function findEntries(
  db: Queryable,
  { before, limit, actorId, targetId, actions, from, to }: AuditInput,
): Promise<AuditOutput> {
  const conditions = [
    before === null ? null : fragment`a.seq < ${before}`,
    actorId === null ? null : fragment`a.actor_id = ${actorId}`,
    targetId === null ? null : fragment`a.target_id = ${targetId}`,
    actions.length === 0 ? null : fragment`a.action = ANY(${actions}::text[])`,
    from === null ? null : fragment`a.at >= ${from}`,
    to === null ? null : fragment`a.at < ${to}`,
  ].filter((condition) => condition !== null)
  const records = await db.many<NamedRecord>(sql`
    SELECT a.*, COALESCE(actor.full_name, actor_key.name) AS actor_name,
           CASE a.target_kind
             WHEN 'person' THEN (SELECT u.full_name FROM users u WHERE u.id::text = a.target_id)
             WHEN 'team' THEN (SELECT t.name FROM teams t WHERE t.id::text = a.target_id)
             WHEN 'tag' THEN (SELECT t.name FROM tags t WHERE t.id::text = a.target_id)
             WHEN 'api_key' THEN (SELECT k.name FROM api_keys k WHERE k.id::text = a.target_id)
             WHEN 'group' THEN (SELECT g.display_name FROM directory_groups g WHERE g.id::text = a.target_id)
           END AS target_name
    FROM audit_log a LEFT JOIN users actor ON actor.id = a.actor_id
    LEFT JOIN api_keys actor_key ON actor_key.id = a.actor_id
    WHERE ${every(conditions)} ORDER BY a.seq DESC LIMIT ${limit}`)
  const entries = records.map((record) => ({
    ...toEntry(record),
    actorName: record.actor_name,
    targetName: record.target_name,
  }))
  const last = entries.length === limit ? entries.at(-1) : undefined
  return { entries, next: last?.seq ?? null }
}
