import { type Queryable } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { raiseProblem, reviewProblem } from '../problems/index.ts'
import { countQuarantined, insertQuarantined, readBacklog } from './intake.queries.ts'

/** What takes effect later than this is a backlog, and well again once it does not. */
export const LATE_AFTER_SECONDS = 20
/** A restart, or a wave of messages, is over by then: later than this somebody has to be told. */
const TELL_AFTER_SECONDS = 60

const QUARANTINE = { kind: 'quarantine' } as const
const BEHIND = { kind: 'intake_behind' } as const

/** It could not be processed: it waits in quarantine, and administrators hear of it. */
export async function setAside(
  services: Pick<Services, 'db' | 'signals'>,
  update: { bodyId: string; path: string; reason: string; detail: string },
): Promise<void> {
  await services.db.transaction(async (tx) => {
    await insertQuarantined(tx, update)
    await raiseProblem(services, tx, QUARANTINE, () => describeQuarantine(tx))
  })
}

/** Whether something still waits: resolved by a retry, or gone. */
export async function reviewQuarantine(services: Pick<Services, 'db' | 'signals'>): Promise<void> {
  await reviewProblem(services, QUARANTINE, async (db) => {
    const details = await describeQuarantine(db)
    return details.updates === 0 ? null : details
  })
}

export async function reviewBacklog(services: Pick<Services, 'db' | 'signals'>): Promise<void> {
  await reviewProblem(services, BEHIND, async (db, isOpen) => {
    const { bodies, oldest_seconds } = await readBacklog(db)
    if (oldest_seconds < (isOpen ? LATE_AFTER_SECONDS : TELL_AFTER_SECONDS)) return null
    return { webhooks: bodies, seconds: Math.round(oldest_seconds) }
  })
}

const describeQuarantine = async (db: Queryable) => ({ updates: await countQuarantined(db) })
