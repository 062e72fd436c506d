import { PARSERS, type Update } from '../channels/index.ts'
import { quarantinedUpdates, recordTry, type Quarantined } from './intake.queries.ts'
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
  let afterId: string | null = null
  for (;;) {
    const page: Quarantined[] = await quarantinedUpdates(services.db, {
      reason,
      afterId,
      limit: PAGE,
    })
    for (const update of page) {
      const problem = await retry(services, update)
      await recordTry(services.db, update.id, problem)
      told(update, problem)
    }
    afterId = page.at(-1)?.id ?? null
    if (afterId === null) return
  }
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
