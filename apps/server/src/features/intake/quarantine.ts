import { PARSERS, type Update } from '../channels/index.ts'
import { type Queryable } from '../../platform/database.ts'
import { bodyOf, quarantinedUpdates, recordTry, type Quarantined } from './intake.queries.ts'
import { reviewQuarantine } from './problems.ts'
import { processUpdate, type IntakeServices, type Problem } from './process.ts'

const PAGE = 1000

/**
 * Tries what waits in quarantine again, after an update of Parley, or once a channel has been set up. Each is tried
 * once; what still cannot be processed stays, with its newest reason.
 * @param told of each, null where it took effect
 */
export async function retryQuarantined(
  services: IntakeServices,
  reason: string | null,
  told: (update: Quarantined, problem: Problem | null) => void,
): Promise<void> {
  // One body may wait here a thousand times, and be of megabytes: it is read once for all that follow each other.
  let bodyId: string | null = null
  let updates: Update[] | Problem = []
  for await (const update of everyQuarantined(services.db, reason)) {
    if (update.webhook_body_id !== bodyId) {
      bodyId = update.webhook_body_id
      updates = read(update.channel, await bodyOf(services.db, bodyId))
    }
    const problem = await retry(services, update, updates)
    await recordTry(services.db, update.id, problem)
    told(update, problem)
  }
  await reviewQuarantine(services)
}

/** @param told of each that waits, the oldest first */
export async function listQuarantined(
  db: Queryable,
  reason: string | null,
  told: (update: Quarantined) => void,
): Promise<void> {
  for await (const update of everyQuarantined(db, reason)) told(update)
}

async function* everyQuarantined(
  db: Queryable,
  reason: string | null,
): AsyncGenerator<Quarantined> {
  let after: Quarantined | null = null
  do {
    const page: Quarantined[] = await quarantinedUpdates(db, { reason, after, limit: PAGE })
    yield* page
    after = page.at(-1) ?? null
  } while (after !== null)
}

async function retry(
  services: IntakeServices,
  { path, received_at }: Quarantined,
  updates: Update[] | Problem,
): Promise<Problem | null> {
  if (!Array.isArray(updates)) return updates
  // What was kept aside as a whole is done as a whole: what had taken effect changes nothing, and what cannot be
  // processed takes none of its neighbours along.
  const wanted = path === '' ? updates : updates.filter((update) => update.path === path)
  if (wanted.length === 0) return GONE
  let first: Problem | null = null
  for (const update of wanted) {
    const problem = await processUpdate(services, update, received_at)
    first ??= problem
  }
  return first
}

const GONE: Problem = {
  reason: 'gone',
  detail: 'nothing stands at this place of the body any more',
}

function read(channel: Quarantined['channel'], body: Buffer | null): Update[] | Problem {
  if (body === null) return GONE
  try {
    return PARSERS[channel](body)
  } catch (error) {
    return { reason: 'unreadable_body', detail: (error as Error).message }
  }
}
