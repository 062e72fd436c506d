import { DISCONNECT_GRACE_MS, type AwayReason } from '@parley/domain'

import { startPeriodic } from '../../platform/periodic.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'

const HEARTBEAT_INTERVAL_MS = 10_000

/**
 * Who is there. A person is present while a workstation of theirs follows the feed; when the last
 * connection is lost they are offline after a grace, and their place in routing is gone with it.
 */
export interface Presence {
  /** A workstation connected. Call the result when it is gone. */
  connected(userId: string): () => void
  /** What the person chose. */
  choose(
    userId: string,
    status: 'online' | 'busy' | 'away',
    reason: AwayReason | null,
  ): Promise<void>
  /** Signed out: offline at once. */
  left(userId: string): Promise<void>
  stop(): Promise<void>
}

export function startPresence({ db, signals, logger }: Services): Presence {
  const connections = new Map<string, number>()
  let isFirst = true

  const changed = (): void => {
    signals.send('feed')
    signals.send('routing')
  }

  const heartbeat = startPeriodic('presence', HEARTBEAT_INTERVAL_MS, logger, async () => {
    if (isFirst) {
      isFirst = false
      // Nobody could be heard while the server was down: grace periods begin again.
      await db.run(sql`UPDATE agent_presence SET last_seen_at = NOW() WHERE status <> 'offline'`)
    }
    const present = [...connections.keys()]
    if (present.length > 0) {
      await db.run(sql`
        UPDATE agent_presence SET last_seen_at = NOW() WHERE user_id = ANY(${present}::uuid[])`)
    }
    const gone = await db.run(sql`
      UPDATE agent_presence SET status = 'offline', reason = NULL, since = NOW()
      WHERE status <> 'offline'
        AND last_seen_at < NOW() - make_interval(secs => ${DISCONNECT_GRACE_MS / 1000})`)
    if (gone > 0) changed()
  })

  async function arrived(userId: string): Promise<void> {
    const back = await db.run(sql`
      INSERT INTO agent_presence AS p (user_id, status, last_seen_at)
      VALUES (${userId}, 'online', NOW())
      ON CONFLICT (user_id) DO UPDATE SET
        status = p.chosen_status, reason = p.chosen_reason, since = NOW(), last_seen_at = NOW()
      WHERE p.status = 'offline'`)
    if (back > 0) changed()
    else await db.run(sql`UPDATE agent_presence SET last_seen_at = NOW() WHERE user_id = ${userId}`)
  }

  return {
    connected(userId) {
      connections.set(userId, (connections.get(userId) ?? 0) + 1)
      arrived(userId).catch((error: unknown) =>
        logger.error({ err: error, userId }, 'presence lost'),
      )
      return () => {
        const left = (connections.get(userId) ?? 1) - 1
        if (left > 0) connections.set(userId, left)
        else connections.delete(userId)
      }
    },
    async choose(userId, status, reason) {
      const because = status === 'away' ? reason : null
      await db.run(sql`
        INSERT INTO agent_presence AS p
          (user_id, status, reason, chosen_status, chosen_reason, last_seen_at)
        VALUES (${userId}, ${status}, ${because}, ${status}, ${because}, NOW())
        ON CONFLICT (user_id) DO UPDATE SET
          since = CASE WHEN p.status = EXCLUDED.status THEN p.since ELSE NOW() END,
          status = EXCLUDED.status, reason = EXCLUDED.reason,
          chosen_status = EXCLUDED.chosen_status, chosen_reason = EXCLUDED.chosen_reason,
          last_seen_at = NOW()`)
      changed()
    },
    async left(userId) {
      if (connections.has(userId)) return
      await db.run(sql`
        UPDATE agent_presence SET status = 'offline', reason = NULL, since = NOW()
        WHERE user_id = ${userId} AND status <> 'offline'`)
      changed()
    },
    stop: () => heartbeat.stop(),
  }
}
