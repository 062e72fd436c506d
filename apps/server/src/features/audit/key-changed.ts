import { SYSTEM } from '../../platform/doer.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'

/** The log goes on under another key: it says so itself, so that its end is always sealed by the present one. */
export async function noteKeyChange({ db, audit }: Services): Promise<void> {
  await db.transaction(async (tx) => {
    // Of several processes that start at once one says it.
    await tx.one(sql`SELECT seq FROM audit_chain FOR UPDATE`)
    const last = await tx.maybe<{ key_id: string }>(sql`
      SELECT key_id FROM audit_log ORDER BY seq DESC LIMIT 1`)
    if (last === null || last.key_id === audit.keyId) return
    audit.record(tx, SYSTEM, {
      action: 'security.key_changed',
      before: { keyId: last.key_id },
      after: { keyId: audit.keyId },
    })
  })
}
