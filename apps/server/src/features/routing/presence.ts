import { randomUUID } from 'node:crypto'

import {
  DISCONNECT_GRACE_MS,
  presenceOf,
  type AwayReason,
  type DeviceState,
  type PresenceStatus,
} from '@parley/domain'
import pLimit from 'p-limit'

import { type SessionActor } from '../../platform/actor.ts'
import { type Transaction } from '../../platform/database.ts'
import { type Doer } from '../../platform/doer.ts'
import { startPeriodic } from '../../platform/periodic.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'

const HEARTBEAT_INTERVAL_MS = 10_000
/** Where all come back at once, as after a restart, they are to be current first: connections to the database are few. */
const ARRIVALS_AT_ONCE = 4
/**
 * Who comes back after longer than this begins a new shift: online, whatever they or a lead had chosen for the last
 * one. Longer than most breaks and shorter than what lies between the halves of a split shift.
 */
const SHIFT_ENDS_AFTER_SECONDS = 3600

export interface PresenceChoice {
  status: 'online' | 'busy' | 'away'
  reason: AwayReason | null
  /** The lead who sets it for somebody else; null: the person. */
  setBy: string | null
  isFinishing?: boolean
}

/**
 * Who is there. A person is present while a workstation of theirs follows the feed and somebody is before
 * it. A lost connection gets nothing new at once, and counts as offline after a grace.
 */
export interface Presence {
  /** A workstation connected. Call the result when it is gone. */
  connected(session: Pick<SessionActor, 'sessionId' | 'userId'>): () => void
  /** What a workstation says of the person before it. */
  report(session: Pick<SessionActor, 'sessionId' | 'userId'>, state: DeviceState): Promise<void>
  /** @param by somebody else, for the audit log */
  choose(userId: string, choice: PresenceChoice, by?: Doer): Promise<void>
  setFinishing(userId: string, isFinishing: boolean): Promise<void>
  setCapacity(userId: string, capacity: number, by: Doer): Promise<void>
  /** Signed out there: offline at once, unless another workstation is connected. */
  left(session: Pick<SessionActor, 'sessionId' | 'userId'>): Promise<void>
  stop(): Promise<void>
}

export function startPresence(services: Services): Presence {
  const { db, signals, logger, audit } = services
  /** This process's connections by session. One that reconnects has two for a moment: the newer counts. */
  const connections = new Map<string, string>()
  const arrivals = pLimit(ARRIVALS_AT_ONCE)
  let isFirst = true

  const changed = (): void => {
    signals.send('feed')
    signals.send('routing')
  }

  /** Changes something of a person and settles what they count as, one after the other for each person. */
  async function change(
    userId: string,
    work: (tx: Transaction) => Promise<unknown>,
  ): Promise<void> {
    await db.transaction(async (tx) => {
      await tx.run(sql`
        INSERT INTO agent_presence (user_id, status, last_seen_at) VALUES (${userId}, 'offline', NOW())
        ON CONFLICT (user_id) DO NOTHING`)
      await tx.run(sql`SELECT 1 FROM agent_presence WHERE user_id = ${userId} FOR NO KEY UPDATE`)
      await work(tx)
      await settle(tx, userId)
      tx.afterCommit(changed)
    })
  }

  const heartbeat = startPeriodic('presence', HEARTBEAT_INTERVAL_MS, services, async () => {
    if (isFirst) {
      isFirst = false
      // Nobody could be heard while the server was down: grace periods begin again.
      await db.run(sql`UPDATE agent_presence SET last_seen_at = NOW() WHERE status <> 'offline'`)
      await db.run(sql`UPDATE device_presence SET last_seen_at = NOW()`)
    }
    await beat()
    for (const userId of await unseen()) {
      await change(userId, (tx) => forgetUnseen(tx, userId))
    }
  })

  async function beat(): Promise<void> {
    const present = [...connections.keys()]
    if (present.length === 0) return
    await db.run(sql`
      UPDATE device_presence SET last_seen_at = NOW() WHERE session_id = ANY(${present}::uuid[])`)
    await db.run(sql`
      UPDATE agent_presence SET last_seen_at = NOW()
      WHERE user_id IN (SELECT user_id FROM device_presence WHERE session_id = ANY(${present}::uuid[]))`)
  }

  /** People who count as present, or have a workstation that does, though it has not been heard of. */
  async function unseen(): Promise<string[]> {
    const rows = await db.many<{ user_id: string }>(sql`
      SELECT user_id FROM agent_presence
      WHERE status <> 'offline' AND last_seen_at < NOW() - make_interval(secs => ${DISCONNECT_GRACE_MS / 1000})
      UNION
      SELECT user_id FROM device_presence
      WHERE last_seen_at < NOW() - make_interval(secs => ${DISCONNECT_GRACE_MS / 1000})`)
    return rows.map(({ user_id }) => user_id)
  }

  async function arrived({ sessionId, userId }: Arrival, connectionId: string): Promise<void> {
    await change(userId, async (tx) => {
      await tx.run(sql`
        UPDATE agent_presence
        SET is_finishing = FALSE, chosen_status = 'online', chosen_reason = NULL, missed_offers = 0, set_by = NULL
        WHERE user_id = ${userId} AND status = 'offline'
          AND since < NOW() - make_interval(secs => ${SHIFT_ENDS_AFTER_SECONDS})`)
      await tx.run(sql`
        INSERT INTO device_presence (session_id, user_id, connection_id)
        VALUES (${sessionId}, ${userId}, ${connectionId})
        ON CONFLICT (session_id) DO UPDATE SET
          connection_id = EXCLUDED.connection_id, last_seen_at = NOW()`)
    })
  }

  /** Says nothing where it has come back already, here or at another process. */
  async function gone({ sessionId, userId }: Arrival, connectionId: string): Promise<void> {
    await change(userId, (tx) =>
      tx.run(sql`
        UPDATE device_presence SET connection_id = NULL
        WHERE session_id = ${sessionId} AND connection_id = ${connectionId}`),
    )
  }

  const inBackground = (work: Promise<void>, userId: string): void => {
    work.catch((error: unknown) => logger.error({ err: error, userId }, 'presence not settled'))
  }

  return {
    connected(session) {
      const connectionId = randomUUID()
      connections.set(session.sessionId, connectionId)
      const arrival = arrivals(() => arrived(session, connectionId))
      inBackground(arrival, session.userId)
      return () => {
        if (connections.get(session.sessionId) === connectionId)
          connections.delete(session.sessionId)
        const departure = arrival.catch(() => {}).then(() => gone(session, connectionId))
        inBackground(departure, session.userId)
      }
    },
    report: ({ sessionId, userId }, state) =>
      change(userId, (tx) =>
        tx.run(sql`
          INSERT INTO device_presence (session_id, user_id, state)
          VALUES (${sessionId}, ${userId}, ${state})
          ON CONFLICT (session_id) DO UPDATE SET state = EXCLUDED.state, last_seen_at = NOW()`),
      ),
    choose: (userId, { status, reason, setBy, isFinishing }, by) =>
      change(userId, async (tx) => {
        await tx.run(sql`
          UPDATE agent_presence SET
            chosen_status = ${status}, chosen_reason = ${status === 'away' ? reason : null},
            is_finishing = COALESCE(${isFinishing ?? null}, is_finishing), missed_offers = 0,
            set_by = ${setBy}
          WHERE user_id = ${userId}`)
        if (by === undefined) return
        audit.record(tx, by, {
          action: 'person.presence_set',
          target: { kind: 'person', id: userId },
          after: { status, reason, isFinishing },
        })
      }),
    setFinishing: (userId, isFinishing) =>
      change(userId, (tx) =>
        tx.run(sql`
          UPDATE agent_presence SET is_finishing = ${isFinishing}, set_by = NULL
          WHERE user_id = ${userId}`),
      ),
    setCapacity: (userId, capacity, by) =>
      change(userId, async (tx) => {
        const before = await tx.one<{ capacity: number }>(sql`
          SELECT capacity FROM agent_presence WHERE user_id = ${userId}`)
        await tx.run(
          sql`UPDATE agent_presence SET capacity = ${capacity} WHERE user_id = ${userId}`,
        )
        audit.record(tx, by, {
          action: 'person.capacity_changed',
          target: { kind: 'person', id: userId },
          before,
          after: { capacity },
        })
      }),
    left: ({ sessionId, userId }) =>
      change(userId, async (tx) => {
        await tx.run(sql`DELETE FROM device_presence WHERE session_id = ${sessionId}`)
        await tx.run(sql`
          UPDATE agent_presence SET is_finishing = FALSE
          WHERE user_id = ${userId}
            AND NOT EXISTS (SELECT 1 FROM device_presence WHERE user_id = ${userId})`)
      }),
    stop: () => heartbeat.stop(),
  }
}

type Arrival = Pick<SessionActor, 'sessionId' | 'userId'>

async function forgetUnseen(tx: Transaction, userId: string): Promise<void> {
  await tx.run(sql`
    DELETE FROM device_presence
    WHERE user_id = ${userId}
      AND last_seen_at < NOW() - make_interval(secs => ${DISCONNECT_GRACE_MS / 1000})`)
}

/** Computes what the person counts as from what they chose and what their workstations say. */
async function settle(tx: Transaction, userId: string): Promise<void> {
  const person = await tx.one<{
    status: PresenceStatus
    reason: string | null
    chosen_status: 'online' | 'busy' | 'away'
    chosen_reason: string | null
    states: DeviceState[]
    is_connected: boolean
  }>(sql`
    SELECT p.status, p.reason, p.chosen_status, p.chosen_reason,
           ARRAY(SELECT d.state::text FROM device_presence d WHERE d.user_id = p.user_id) AS states,
           EXISTS (SELECT 1 FROM device_presence d WHERE d.user_id = p.user_id AND d.connection_id IS NOT NULL)
             AS is_connected
    FROM agent_presence p WHERE p.user_id = ${userId}`)
  const next = presenceOf(
    { status: person.chosen_status, reason: person.chosen_reason },
    person.states,
  )
  await tx.run(sql`
    UPDATE agent_presence SET
      since = CASE WHEN status = ${next.status} THEN since ELSE NOW() END,
      status = ${next.status}, reason = ${next.reason}, is_connected = ${person.is_connected},
      last_seen_at = CASE WHEN ${person.is_connected} THEN NOW() ELSE last_seen_at END
    WHERE user_id = ${userId}`)
  if (next.status !== 'online') await withdrawOffers(tx, userId)
}

/** Whoever is not there cannot accept: the next one is asked at once. */
async function withdrawOffers(tx: Transaction, userId: string): Promise<void> {
  await tx.run(sql`
    UPDATE offers SET outcome = 'withdrawn', decided_at = NOW()
    WHERE user_id = ${userId} AND outcome = 'open'`)
}
