import { SYSTEM } from '../../platform/doer.ts'
import { type Job } from '../../platform/jobs.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { reviewProblem } from '../problems/index.ts'
import { verifyLog } from './verify.ts'

const PRUNED_AT_ONCE = 5_000

export const auditJobs: readonly Job[] = [
  { name: 'prune-audit-log', cron: '5 4 * * *', run: pruneLog },
  { name: 'verify-audit-log', cron: '0 3 * * *', run: reviewLog },
]

/** Its head goes into the server's own log, so that a log that was cut short and sealed again is seen beside it. */
async function reviewLog(services: Services): Promise<void> {
  const { db, audit, logger } = services
  const verified = await verifyLog(db.patient, audit)
  if (verified.isIntact)
    logger.info({ head: verified.head, last: verified.last }, 'audit log intact')
  else logger.error({ verified }, 'audit log is not as it was written')
  await reviewProblem(services, { kind: 'audit_log' }, async () =>
    verified.isIntact ? null : { seq: verified.seq, problem: verified.problem },
  )
}

/** What is two years old. The log says where it now begins, under its own seal. */
async function pruneLog(services: Services): Promise<void> {
  while (await pruneSome(services));
}

async function pruneSome({ db, audit }: Services): Promise<boolean> {
  return db.patient.transaction(async (tx) => {
    const last = await tx.maybe<{ seq: string; hash: Buffer }>(sql`
      SELECT seq::text, hash FROM (
        SELECT seq, hash, at FROM audit_log ORDER BY seq LIMIT ${PRUNED_AT_ONCE}) oldest
      WHERE at < NOW() - INTERVAL '2 years' ORDER BY oldest.seq DESC LIMIT 1`)
    if (last === null) return false
    await tx.run(sql`UPDATE audit_chain SET pruned_seq = ${last.seq}, pruned_hash = ${last.hash}`)
    await tx.run(sql`DELETE FROM audit_log WHERE seq <= ${last.seq}`)
    audit.record(tx, SYSTEM, {
      action: 'audit.pruned',
      after: { seq: last.seq, hash: last.hash.toString('hex') },
    })
    return true
  })
}
