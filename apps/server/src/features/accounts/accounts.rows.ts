import { type PersonRow, type TeamRow } from '@parley/contracts'

import { type Queryable } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'
import { type ServedKind } from '../sync/index.ts'

/** A row of the view `person_rows`. */
export interface PersonRecord {
  id: string
  version: string
  full_name: string
  role: PersonRow['role']
  is_active: boolean
  team_ids: string[]
  presence_status: PersonRow['presence']['status']
  presence_reason: string | null
  presence_since: Date
  capacity: number
  is_finishing: boolean
  wrap_up_until: Date | null
}

export function toPersonRow(record: PersonRecord): PersonRow {
  return {
    id: record.id,
    version: Number(record.version),
    fullName: record.full_name,
    role: record.role,
    isActive: record.is_active,
    teamIds: record.team_ids,
    presence: {
      status: record.presence_status,
      reason: record.presence_reason,
      since: record.presence_since.toISOString(),
      capacity: record.capacity,
      isFinishing: record.is_finishing,
      wrapUpUntil: record.wrap_up_until?.toISOString() ?? null,
    },
  }
}

/** @param ids null: everybody */
async function readPeople(db: Queryable, ids: string[] | null): Promise<PersonRow[]> {
  const records = await db.many<PersonRecord>(sql`
    SELECT * FROM person_rows WHERE ${ids}::uuid[] IS NULL OR id = ANY(${ids}::uuid[])`)
  return records.map(toPersonRow)
}

/** The directory is everybody's. */
export const personKind: ServedKind<'person'> = {
  kind: 'person',
  isReader: true,
  async load(db, ids) {
    return (await readPeople(db, ids)).map((row) => ({ row, audience: { everyone: true } }))
  },
  async initial(db) {
    return { rows: await readPeople(db, null), next: null }
  },
}

/** @param ids null: all */
async function readTeams(db: Queryable, ids: string[] | null): Promise<TeamRow[]> {
  const records = await db.many<{
    id: string
    version: string
    name: string
    slug: string
    is_active: boolean
  }>(sql`
    SELECT id, version, name, slug, is_active FROM teams
    WHERE ${ids}::uuid[] IS NULL OR id = ANY(${ids}::uuid[])`)
  return records.map(({ id, version, name, slug, is_active }) => ({
    id,
    version: Number(version),
    name,
    slug,
    isActive: is_active,
  }))
}

export const teamKind: ServedKind<'team'> = {
  kind: 'team',
  async load(db, ids) {
    return (await readTeams(db, ids)).map((row) => ({ row, audience: { everyone: true } }))
  },
  async initial(db) {
    return { rows: await readTeams(db, null), next: null }
  },
}
