import { type Channel } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { DEAD_AFTER_SECONDS } from '../../platform/heartbeat.ts'
import { sql } from '../../platform/sql.ts'

/** How long a process has a body to itself before others try, too. */
const TAKEN_FOR_SECONDS = 60

/** @returns the bodies' ids and when they came, in order */
export function insertBodies(
  db: Queryable,
  bodies: { channel: Channel; body: Buffer }[],
  processId: string,
): Promise<Pick<StoredBody, 'id' | 'received_at' | 'tries'>[]> {
  return db.many(sql`
    INSERT INTO webhook_bodies (channel, body, taken_by, next_try_at)
    SELECT channel, body, ${processId}, NOW() + make_interval(secs => ${TAKEN_FOR_SECONDS})
    FROM unnest(${bodies.map(({ channel }) => channel)}::text[], ${bodies.map(({ body }) => body)}::bytea[])
      WITH ORDINALITY AS given(channel, body, position)
    ORDER BY position
    RETURNING id, received_at, tries`)
}

export async function markBodiesProcessed(db: Queryable, ids: string[]): Promise<void> {
  await db.run(sql`UPDATE webhook_bodies SET processed_at = NOW() WHERE id = ANY(${ids}::bigint[])`)
}

export interface StoredBody {
  id: string
  channel: Channel
  body: Buffer
  received_at: Date
  /** Times that a process took it after the first. */
  tries: number
}

/**
 * Bodies that nobody has finished: of processes that are dead, and those whose time has come again. They are put off
 * as they are taken, so that no two processes work on the same, and one that cannot be finished holds up none that can.
 */
export function takeUnprocessedBodies(
  db: Queryable,
  processId: string,
  limit: number,
): Promise<StoredBody[]> {
  return db.many(sql`
    WITH living AS (
      SELECT id FROM server_processes WHERE seen_at > NOW() - make_interval(secs => ${DEAD_AFTER_SECONDS})
    ), due AS (
      SELECT id FROM webhook_bodies
      WHERE processed_at IS NULL
        AND (next_try_at <= NOW() OR taken_by IS NULL OR NOT EXISTS (SELECT FROM living WHERE living.id = taken_by))
      ORDER BY id LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ), taken AS (
      UPDATE webhook_bodies b
      SET tries = tries + 1, taken_by = ${processId},
          next_try_at = NOW() + make_interval(secs => ${TAKEN_FOR_SECONDS} * 2 ^ LEAST(b.tries, 5))
      FROM due WHERE b.id = due.id
      RETURNING b.id, b.channel, b.body, b.received_at, b.tries
    )
    SELECT * FROM taken ORDER BY id`)
}

export interface Backlog {
  bodies: number
  oldest_seconds: number
}

/** What was accepted and has not taken effect; counted to a limit, beyond which it is a lot. */
export function readBacklog(db: Queryable): Promise<Backlog> {
  return db.one(sql`
    SELECT COUNT(*)::int AS bodies,
           COALESCE(EXTRACT(EPOCH FROM NOW() - MIN(received_at)), 0)::float8 AS oldest_seconds
    FROM (SELECT received_at FROM webhook_bodies WHERE processed_at IS NULL LIMIT 10000) waiting`)
}

export async function insertQuarantined(
  db: Queryable,
  update: { bodyId: string; path: string; reason: string; detail: string },
): Promise<void> {
  await db.run(sql`
    INSERT INTO quarantined_updates (id, webhook_body_id, path, reason, detail)
    VALUES (new_id(), ${update.bodyId}, ${update.path}, ${update.reason.slice(0, 50)}, ${update.detail.slice(0, 2000)})
    ON CONFLICT (webhook_body_id, path) DO NOTHING`)
}

export async function findChannelAccount(
  db: Queryable,
  channel: Channel,
  externalId: string,
): Promise<string | null> {
  const row = await db.maybe<{ id: string }>(sql`
    SELECT id FROM channel_accounts
    WHERE channel = ${channel} AND external_id = ${externalId} AND is_active`)
  return row?.id ?? null
}

const NIL = '00000000-0000-0000-0000-000000000000'

/** What waits in quarantine, the oldest first, and all of one body together. */
export interface Quarantined {
  id: string
  webhook_body_id: string
  channel: Channel
  path: string
  reason: string
  detail: string
  tries: number
  created_at: Date
  received_at: Date
}

export function quarantinedUpdates(
  db: Queryable,
  wanted: {
    reason: string | null
    after: Pick<Quarantined, 'id' | 'webhook_body_id'> | null
    limit: number
  },
): Promise<Quarantined[]> {
  return db.many(sql`
    SELECT q.id, q.webhook_body_id, b.channel, q.path, q.reason, q.detail, q.tries, q.created_at, b.received_at
    FROM (
      -- First those of one page, then what they are of: joined freely, each page would read all that waits.
      SELECT * FROM quarantined_updates
      WHERE resolved_at IS NULL AND (${wanted.reason}::text IS NULL OR reason = ${wanted.reason})
        AND webhook_body_id >= ${wanted.after?.webhook_body_id ?? 0}
        AND (webhook_body_id, id) > (${wanted.after?.webhook_body_id ?? 0}::bigint, ${wanted.after?.id ?? NIL}::uuid)
      ORDER BY webhook_body_id, id LIMIT ${wanted.limit}) q
    JOIN webhook_bodies b ON b.id = q.webhook_body_id
    ORDER BY q.webhook_body_id, q.id`)
}

/** @returns null where it has been pruned */
export async function bodyOf(db: Queryable, webhookBodyId: string): Promise<Buffer | null> {
  const row = await db.maybe<{ body: Buffer }>(sql`
    SELECT body FROM webhook_bodies WHERE id = ${webhookBodyId}`)
  return row?.body ?? null
}

/** What a further try of it came to. */
export async function recordTry(
  db: Queryable,
  id: string,
  problem: { reason: string; detail: string } | null,
): Promise<void> {
  await db.run(sql`
    UPDATE quarantined_updates
    SET tries = tries + 1, tried_at = NOW(), resolved_at = CASE WHEN ${problem === null} THEN NOW() END,
        reason = COALESCE(${problem?.reason.slice(0, 50) ?? null}, reason),
        detail = COALESCE(${problem?.detail.slice(0, 2000) ?? null}, detail)
    WHERE id = ${id} AND resolved_at IS NULL`)
}

export async function countQuarantined(db: Queryable): Promise<number> {
  const { count } = await db.one<{ count: number }>(sql`
    SELECT COUNT(*)::int AS count FROM quarantined_updates WHERE resolved_at IS NULL`)
  return count
}
