import {
  personSummary,
  type PeopleInput,
  type PeopleOutput,
  type PersonSummary,
} from '@parley/contracts'

import { type Queryable } from '../../platform/database.ts'
import { recordAs } from '../../platform/record-as.ts'
import { fragment, sql } from '../../platform/sql.ts'
import { FROM_DIRECTORY } from './group-rights.ts'

const toSummary = recordAs(personSummary)

/** Of a person `u`. */
const STATE = fragment`(CASE
  WHEN NOT u.is_active THEN 'inactive'
  WHEN u.password_hash = '*' AND NOT EXISTS (SELECT FROM user_identities i WHERE i.user_id = u.id)
    THEN CASE u.managed_by WHEN 'scim' THEN 'expected' ELSE 'invited' END
  ELSE 'active' END)`

export async function findPeople(
  db: Queryable,
  { text, roles, teamId, states, page, limit }: PeopleInput,
): Promise<PeopleOutput> {
  const pattern = `%${text.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`
  const records = await db.many<object>(sql`
    SELECT u.id, u.full_name, u.email, u.role, u.created_at, ${STATE} AS state,
           ARRAY(SELECT m.team_id::text FROM team_memberships m WHERE m.user_id = u.id ORDER BY 1) AS team_ids,
           ARRAY(SELECT p.name FROM user_identities i JOIN identity_providers p ON p.id = i.provider_id
                 WHERE i.user_id = u.id ORDER BY 1) AS providers,
           EXISTS (SELECT FROM second_factors f
                   WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL) AS has_second_factor,
           u.managed_by, ${FROM_DIRECTORY} AS from_directory,
           EXISTS (SELECT FROM directory_people d WHERE d.user_id = u.id) AS is_sent,
           (SELECT COUNT(*) FROM sessions s WHERE s.user_id = u.id AND s.ended_at IS NULL) AS sessions,
           (SELECT MAX(s.last_used_at) FROM sessions s WHERE s.user_id = u.id) AS last_seen_at,
           (SELECT l.expires_at FROM account_links l
            WHERE l.user_id = u.id AND l.ended_at IS NULL AND l.expires_at > NOW()) AS link_expires_at
    FROM users u
    WHERE (${text} = '' OR LOWER(u.full_name) LIKE ${pattern} OR LOWER(u.email) LIKE ${pattern})
      AND (${roles.length === 0} OR u.role = ANY(${roles}::text[]))
      AND (${states.length === 0} OR ${STATE} = ANY(${states}::text[]))
      AND (${teamId}::uuid IS NULL OR EXISTS (
             SELECT FROM team_memberships m WHERE m.user_id = u.id AND m.team_id = ${teamId}::uuid))
      AND (${page === null} OR (LOWER(u.full_name), u.id) > (LOWER(${page?.fullName ?? ''}), ${page?.id ?? null}::uuid))
    ORDER BY LOWER(u.full_name), u.id LIMIT ${limit}`)
  const people: PersonSummary[] = records.map(toSummary)
  const last = people.length === limit ? people.at(-1) : undefined
  return {
    people,
    next: last === undefined ? null : { fullName: last.fullName, id: last.id },
    counts: await db.one(sql`
      SELECT COUNT(*) FILTER (WHERE ${STATE} = 'active')::int AS active,
             COUNT(*) FILTER (WHERE ${STATE} = 'invited')::int AS invited,
             COUNT(*) FILTER (WHERE ${STATE} = 'expected')::int AS expected,
             COUNT(*) FILTER (WHERE ${STATE} = 'inactive')::int AS inactive
      FROM users u`),
  }
}
