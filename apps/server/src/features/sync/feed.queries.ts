import { type Belonging } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'
import { type Position } from './position.ts'

export interface Change {
  transaction: bigint
  number: bigint
  /** A kind of row; one of a newer server is passed over. */
  entity: string
  entityId: string
  version: number
  everyone: boolean
  before: Belonging
  after: Belonging
  intentId: string | null
}

export interface FeedRead {
  changes: Change[]
  /** Committed changes exist that may not be read yet, because an older writer is still open. */
  hasUnreadable: boolean
  /** Age of the first of those, in seconds; 0 where there are none. */
  lagSeconds: number
}

interface ChangeRecord {
  transaction: string
  number: string
  entity: string
  entity_id: string
  version: string
  everyone: boolean
  team_before: string | null
  team_after: string | null
  user_before: string | null
  user_after: string | null
  intent_id: string | null
  /** Null: it can be read. */
  waits_for: number | null
}

/**
 * The next readable changes, ordered by the columns and not by what is selected of them: that is text, in which
 * 100000 comes before 99999.
 * Readable is only what belongs to transactions below every one still
 * running: whoever remembers a higher place can then not have missed a late commit.
 */
export async function readChanges(
  db: Queryable,
  after: Position,
  limit: number,
): Promise<FeedRead> {
  const [transaction, number] = [after.transaction.toString(), after.number.toString()]
  // The first that may not be read yet comes along: whatever waits behind it is not looked at.
  const records = await db.many<ChangeRecord>(sql`
    (SELECT transaction::text, number::text, entity, entity_id, version, everyone,
            team_before, team_after, user_before, user_after, intent_id, NULL::float8 AS waits_for
     FROM changes
     WHERE (transaction, number) > (${transaction}::xid8, ${number}::bigint)
       AND transaction < pg_snapshot_xmin(pg_current_snapshot())
     ORDER BY changes.transaction, changes.number LIMIT ${limit})
    UNION ALL
    (SELECT transaction::text, number::text, entity, entity_id, version, everyone,
            team_before, team_after, user_before, user_after, intent_id,
            EXTRACT(EPOCH FROM NOW() - created_at)::float8
     FROM changes
     WHERE (transaction, number) > (${transaction}::xid8, ${number}::bigint)
       AND transaction >= pg_snapshot_xmin(pg_current_snapshot())
     ORDER BY changes.transaction, changes.number LIMIT 1)`)
  const waiting = records.find(({ waits_for }) => waits_for !== null)
  const changes = records.filter(({ waits_for }) => waits_for === null).map(toChange)
  const isAll = changes.length < limit
  return {
    changes: changes.toSorted(inOrder),
    hasUnreadable: isAll && waiting !== undefined,
    lagSeconds: (isAll && waiting?.waits_for) || 0,
  }
}

/** Both parts come in order; that one comes before the other is promised by nobody. */
function inOrder(a: Change, b: Change): number {
  if (a.transaction !== b.transaction) return a.transaction < b.transaction ? -1 : 1
  return a.number < b.number ? -1 : 1
}

function toChange(record: ChangeRecord): Change {
  return {
    transaction: BigInt(record.transaction),
    number: BigInt(record.number),
    entity: record.entity,
    entityId: record.entity_id,
    version: Number(record.version),
    everyone: record.everyone,
    before: { teamId: record.team_before, assignedTo: record.user_before },
    after: { teamId: record.team_after, assignedTo: record.user_after },
    intentId: record.intent_id,
  }
}

/** Below this place everything is readable: where a reader begins who has just read the state itself. */
export async function currentPosition(db: Queryable): Promise<Position> {
  const row = await db.one<{ epoch: string; xmin: string }>(sql`
    SELECT epoch, pg_snapshot_xmin(pg_current_snapshot())::text AS xmin FROM feed_state`)
  return { epoch: row.epoch, transaction: BigInt(row.xmin), number: 0n }
}

/** The place before so many of the newest readable changes. */
export async function positionBefore(db: Queryable, changes: number): Promise<Position> {
  const row = await db.one<{ epoch: string; transaction: string; number: string }>(sql`
    SELECT s.epoch, COALESCE(begin.transaction, s.horizon)::text AS transaction,
           COALESCE(begin.number, 0)::text AS number
    FROM feed_state s
    LEFT JOIN LATERAL (
      SELECT transaction, number FROM changes
      WHERE transaction < pg_snapshot_xmin(pg_current_snapshot())
      ORDER BY changes.transaction DESC, changes.number DESC OFFSET ${changes} LIMIT 1) begin ON TRUE`)
  return {
    epoch: row.epoch,
    transaction: BigInt(row.transaction),
    number: BigInt(row.number),
  }
}

export async function feedState(
  db: Queryable,
): Promise<{ epoch: string; horizon: bigint; next: bigint }> {
  const row = await db.one<{ epoch: string; horizon: string; next: string }>(sql`
    SELECT epoch, horizon::text, pg_snapshot_xmax(pg_current_snapshot())::text AS next FROM feed_state`)
  return { epoch: row.epoch, horizon: BigInt(row.horizon), next: BigInt(row.next) }
}

export function intentOwners(
  db: Queryable,
  intentIds: string[],
): Promise<{ id: string; user_id: string }[]> {
  return db.many(sql`SELECT id, user_id FROM intents WHERE id = ANY(${intentIds}::uuid[])`)
}

/** Which of these sessions are over. */
export async function endedSessions(db: Queryable, sessionIds: string[]): Promise<string[]> {
  const rows = await db.many<{ id: string }>(sql`
    SELECT wanted.id FROM unnest(${sessionIds}::uuid[]) AS wanted(id)
    LEFT JOIN sessions s ON s.id = wanted.id AND s.ended_at IS NULL
    LEFT JOIN users u ON u.id = s.user_id AND u.is_active
    WHERE u.id IS NULL`)
  return rows.map(({ id }) => id)
}
