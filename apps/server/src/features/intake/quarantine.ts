import { PARSERS, type Update } from '../channels/index.ts'
import { type Queryable } from '../../platform/database.ts'
import { quarantinedUpdates, recordTry, type Quarantined } from './intake.queries.ts'
import { reviewQuarantine } from './problems.ts'
import { processUpdate, type IntakeServices, type Problem } from './process.ts'

const PAGE = 100

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
  for await (const update of everyQuarantined(services.db, reason)) {
    const problem = await retry(services, update)
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
  let afterId: string | null = null
  do {
    const page: Quarantined[] = await quarantinedUpdates(db, { reason, afterId, limit: PAGE })
    yield* page
    afterId = page.at(-1)?.id ?? null
  } while (afterId !== null)
}

async function retry(
  services: IntakeServices,
  { channel, body, path, received_at }: Quarantined,
): Promise<Problem | null> {
  const updates = read(channel, body)
  if (!Array.isArray(updates)) return updates
  // What was kept aside as a whole is done as a whole: what had taken effect changes nothing.
  const wanted = path === '' ? updates : updates.filter((update) => update.path === path)
  for (const update of wanted) {
    const problem = await processUpdate(services, update, received_at)
    if (problem !== null) return problem
  }
  return wanted.length > 0
    ? null
    : { reason: 'gone', detail: 'nothing stands at this place of the body any more' }
}

function read(channel: Quarantined['channel'], body: Buffer): Update[] | Problem {
  try {
    return PARSERS[channel](body)
  } catch (error) {
    return { reason: 'unreadable_body', detail: (error as Error).message }
  }
}
