import { type Manager } from '@parley/domain'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { every, fragment, sql, type Fragment } from '../../platform/sql.ts'
import { type DescribedPerson } from './described-person.ts'
import { finding, type Condition, type ListQuery } from './queries.ts'
import { ScimRefusal } from './refusal.ts'
import { BASE_PATH, USER_SCHEMA } from './schemas.ts'

export interface PersonRecord {
  user_id: string
  email: string
  full_name: string
  managed_by: Manager
  user_name: string
  external_id: string | null
  display_name: string | null
  formatted_name: string | null
  given_name: string | null
  family_name: string | null
  is_active: boolean
  created_at: Date
  changed_at: Date
  groups: { id: string; name: string }[]
}

const COLUMNS = fragment`
  d.user_id, u.email, u.full_name, u.managed_by, d.user_name, d.external_id, d.display_name, d.formatted_name,
  d.given_name, d.family_name, d.is_active, u.created_at, d.changed_at`
const GROUPS = fragment`COALESCE((
  SELECT json_agg(json_build_object('id', g.id, 'name', g.display_name) ORDER BY LOWER(g.display_name))
  FROM directory_group_members m JOIN directory_groups g ON g.id = m.group_id WHERE m.user_id = d.user_id), '[]') AS groups`

export function findPerson(db: Queryable, userId: string): Promise<PersonRecord | null> {
  return db.maybe(sql`
    SELECT ${COLUMNS}, ${GROUPS} FROM directory_people d JOIN users u ON u.id = d.user_id
    WHERE d.user_id = ${userId} AND d.deleted_at IS NULL`)
}

/** Whoever else changes them waits; and what they had to wait for is seen whole by the next statement alone. */
export async function lockPerson(tx: Transaction, userId: string): Promise<PersonRecord | null> {
  await tx.maybe(sql`SELECT 1 FROM directory_people WHERE user_id = ${userId} FOR UPDATE`)
  return findPerson(tx, userId)
}

export async function findPeople(
  db: Queryable,
  { conditions, startIndex, count }: ListQuery,
): Promise<{ people: PersonRecord[]; total: number }> {
  const where = every([fragment`d.deleted_at IS NULL`, ...conditions.map(toSql)])
  const page = sql`
    SELECT ${COLUMNS}, ${GROUPS} FROM directory_people d JOIN users u ON u.id = d.user_id
    WHERE ${where} ORDER BY d.user_id OFFSET ${startIndex - 1} LIMIT ${count}`
  const people = await db.many<PersonRecord>(finding(conditions, page))
  // Whoever looks for one has all that there are.
  if (startIndex === 1 && people.length < count) return { people, total: people.length }
  const all = sql`
    SELECT COUNT(*)::int AS total FROM directory_people d JOIN users u ON u.id = d.user_id WHERE ${where}`
  const { total } = await db.one<{ total: number }>(finding(conditions, all))
  return { people, total }
}

/** @throws ScimRefusal `invalidFilter` */
function toSql({ attribute, value }: Condition): Fragment {
  const text = String(value)
  switch (attribute) {
    case 'id':
      return fragment`d.user_id::text = ${text.toLowerCase()}`
    case 'username':
      return fragment`LOWER(d.user_name) = LOWER(${text})`
    case 'externalid':
      return fragment`d.external_id = ${text}`
    case 'displayname':
      return fragment`LOWER(d.display_name) = LOWER(${text})`
    case 'emails':
    case 'emails.value':
      return fragment`LOWER(u.email) = LOWER(${text})`
    case 'active':
      return fragment`d.is_active = ${text === 'true'}`
    default:
      throw new ScimRefusal(
        400,
        'invalidFilter',
        'People are found by id, userName, externalId, displayName, emails.value or active',
      )
  }
}

export function describedIn(record: PersonRecord): DescribedPerson {
  return {
    userName: record.user_name,
    externalId: record.external_id,
    displayName: record.display_name,
    formattedName: record.formatted_name,
    givenName: record.given_name,
    familyName: record.family_name,
    isActive: record.is_active,
    email: record.email,
  }
}

export function toUser(record: PersonRecord): object {
  const { user_id: id, formatted_name, given_name, family_name } = record
  return {
    schemas: [USER_SCHEMA],
    id,
    ...present({ externalId: record.external_id }),
    userName: record.user_name,
    name: {
      formatted: formatted_name ?? record.full_name,
      ...present({ familyName: family_name, givenName: given_name }),
    },
    displayName: record.display_name ?? record.full_name,
    active: record.is_active,
    emails: [{ value: record.email, type: 'work', primary: true }],
    groups: record.groups.map((group) => ({
      value: group.id,
      $ref: `${BASE_PATH}/Groups/${group.id}`,
      display: group.name,
    })),
    meta: {
      resourceType: 'User',
      created: record.created_at.toISOString(),
      lastModified: record.changed_at.toISOString(),
      location: `${BASE_PATH}/Users/${id}`,
    },
  }
}

export function present(fields: Record<string, string | null>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}
