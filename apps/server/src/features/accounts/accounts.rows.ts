import { personRow, teamRow, type PersonRow, type TeamRow } from '@parley/contracts'

import { type Queryable } from '../../platform/database.ts'
import { recordAs } from '../../platform/record-as.ts'
import { sql } from '../../platform/sql.ts'
import { type ServedKind } from '../sync/index.ts'

const toTeam = recordAs(teamRow)
const toPerson = recordAs(personRow)
const toPresence = recordAs(personRow.shape.presence)

/** @param record of the view `person_rows` */
export function toPersonRow(record: PersonRecord): PersonRow {
  const { presence_status: status, presence_reason: reason, presence_since: since } = record
  return toPerson({ ...record, presence: toPresence({ ...record, status, reason, since }) })
}

export interface PersonRecord {
  presence_status: PersonRow['presence']['status']
  presence_reason: string | null
  presence_since: Date
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
  const records = await db.many<object>(sql`
    SELECT * FROM teams WHERE ${ids}::uuid[] IS NULL OR id = ANY(${ids}::uuid[])`)
  return records.map(toTeam)
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
