import { SYSTEM } from '../../platform/doer.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'

/** A feed of another epoch than the log's means that what follows stands on a backup: the log says so, once. */
export async function noteRestore({ db, audit }: Services): Promise<void> {
  await db.transaction(async (tx) => {
    const { epoch, noted } = await tx.one<{ epoch: string; noted: string | null }>(sql`
      SELECT f.epoch, c.epoch AS noted FROM audit_chain c, feed_state f FOR UPDATE OF c`)
    if (epoch === noted) return
    await tx.run(sql`UPDATE audit_chain SET epoch = ${epoch}`)
    if (noted !== null) audit.record(tx, SYSTEM, { action: 'installation.restored' })
  })
}
