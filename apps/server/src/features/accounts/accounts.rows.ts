import {
  id,
  personRow,
  presenceRow,
  teamRow,
  type PersonRow,
  type PresenceRow,
  type TeamRow,
} from '@parley/contracts'

import { type Queryable } from '../../platform/database.ts'
import { recordAs } from '../../platform/record-as.ts'
import { sql } from '../../platform/sql.ts'
import { Failure } from '../../platform/failure.ts'
import { visibleTo, type Audience, type ServedKind } from '../sync/index.ts'

const toTeam = recordAs(teamRow)
/** @param record of the view `person_rows` */
export const toPersonRow = recordAs(personRow)
const toPresence = recordAs(presenceRow)

/** @param ids null: everybody */
async function readPeople(db: Queryable, ids: string[] | null): Promise<PersonRow[]> {
  const records = await db.many<object>(sql`
    SELECT * FROM person_rows WHERE ${ids}::uuid[] IS NULL OR id = ANY(${ids}::uuid[])`)
  return records.map((record) => toPersonRow(record))
}

/** The directory is everybody's. */
export const personKind: ServedKind<'person'> = {
  kind: 'person',
  isEverybodys: true,
  isReader: true,
  async load(db, ids) {
    return (await readPeople(db, ids)).map((row) => ({ row, audience: { everyone: true } }))
  },
  async initial(db) {
    return { rows: await readPeople(db, null), next: null }
  },
}

interface PresenceRecord {
  team_ids: string[]
}

function presenceAudience(userId: string, teamIds: readonly string[]): Audience {
  // Theirs, and that of each of their teams; of no team, theirs alone and that of whoever sees all.
  const of = [null, ...teamIds].map((teamId) => ({ teamId, assignedTo: userId }))
  return { permission: 'presence.see', of }
}

/** Of anybody who was ever there. */
export async function readPresence(db: Queryable, userIds: string[]): Promise<PresenceRow[]> {
  const records = await db.many<object>(sql`
    SELECT user_id AS id, version, status, reason, since, capacity, is_finishing, wrap_up_until
    FROM agent_presence WHERE user_id = ANY(${userIds}::uuid[])`)
  return records.map((record) => toPresence(record))
}

const PRESENCES_PER_PAGE = 500

/** Of one's own teams and oneself; of everybody for whoever sees all teams. */
export const presenceKind: ServedKind<'presence'> = {
  kind: 'presence',
  isFrequent: true,
  removedFor: 'presence.see',
  async load(db, ids) {
    const records = await db.many<PresenceRecord>(sql`
      SELECT p.user_id AS id, p.version, p.status, p.reason, p.since, p.capacity, p.is_finishing, p.wrap_up_until,
             ARRAY(SELECT m.team_id::text FROM team_memberships m WHERE m.user_id = p.user_id) AS team_ids
      FROM agent_presence p WHERE p.user_id = ANY(${ids}::uuid[])`)
    return records.map((record) => {
      const row = toPresence(record)
      return { row, audience: presenceAudience(row.id, record.team_ids) }
    })
  },
  async initial(db, actor, after) {
    if (!id.nullable().safeParse(after).success) {
      throw new Failure('invalid_input', { field: 'page', problem: 'unknown' })
    }
    const visible = visibleTo(actor, 'presence.see')
    const records = await db.many<object>(sql`
      SELECT user_id AS id, version, status, reason, since, capacity, is_finishing, wrap_up_until
      FROM agent_presence
      WHERE user_id > ${after ?? NO_ID}::uuid
        AND (${visible.all} OR user_id = ${visible.userId} OR user_id IN (
          SELECT m.user_id FROM team_memberships m WHERE m.team_id = ANY(${visible.teamIds}::uuid[])))
      ORDER BY user_id LIMIT ${PRESENCES_PER_PAGE}`)
    const rows = records.map((record) => toPresence(record))
    const last = rows.length === PRESENCES_PER_PAGE ? rows.at(-1) : undefined
    return { rows, next: last?.id ?? null }
  },
}

/** Before every id. */
const NO_ID = '00000000-0000-0000-0000-000000000000'

/** @param ids null: all */
async function readTeams(db: Queryable, ids: string[] | null): Promise<TeamRow[]> {
  const records = await db.many<object>(sql`
    SELECT * FROM teams WHERE ${ids}::uuid[] IS NULL OR id = ANY(${ids}::uuid[])`)
  return records.map(toTeam)
}

export const teamKind: ServedKind<'team'> = {
  kind: 'team',
  isEverybodys: true,
  async load(db, ids) {
    return (await readTeams(db, ids)).map((row) => ({ row, audience: { everyone: true } }))
  },
  async initial(db) {
    return { rows: await readTeams(db, null), next: null }
  },
}
