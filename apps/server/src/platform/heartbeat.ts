import { startPeriodic } from './periodic.ts'
import { type Services } from './services.ts'
import { sql } from './sql.ts'

const BEAT_MS = 1500
/** Whoever has not been heard of for so long is dead to the others, by the database's clock. */
export const DEAD_AFTER_SECONDS = 8
/** Well before the others count this process as dead, it stops beginning what only one may do. */
const TRUSTED_FOR_MS = 5000

/** How server processes know of each other's death: each says that it lives, in a row of its own. */
export interface Heartbeat {
  processId: string
  /** Whether the others take this process for alive, as far as it can know: false after it stood still, or was cut off. */
  isTrusted(): boolean
  stop(): Promise<void>
}

export async function startHeartbeat(services: Services, processId: string): Promise<Heartbeat> {
  const { db } = services
  let beatAt = -Infinity
  const beat = async (): Promise<void> => {
    // From before the statement: the database may have written it at any time after this.
    const began = now()
    await db.run(sql`
      INSERT INTO server_processes (id) VALUES (${processId})
      ON CONFLICT (id) DO UPDATE SET seen_at = clock_timestamp()`)
    beatAt = began
  }
  await beat()
  const beating = startPeriodic('heartbeat', BEAT_MS, services, beat)
  return {
    processId,
    isTrusted: () => now() - beatAt < TRUSTED_FOR_MS,
    async stop() {
      await beating.stop()
      await db.run(sql`DELETE FROM server_processes WHERE id = ${processId}`)
    },
  }
}

/** Milliseconds of a clock that nobody sets. */
function now(): number {
  return performance.now()
}
