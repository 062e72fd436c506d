import { type GroupMapping, type GroupMappingsOutput } from '@parley/contracts'
import { ROLES, type DirectoryPart, type Role } from '@parley/domain'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { type Doer } from '../../platform/doer.ts'
import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { fragment, sql } from '../../platform/sql.ts'
import { orTaken } from './or-taken.ts'
import { changeRights, changeRole, changeTeams, whyAdminStays, type Rights } from './rights.ts'

/**
 * Of a person `u`: what the directory says. It says roles where any group stands for one, and teams likewise: a company
 * whose groups stand for teams alone gives roles here.
 */
export const FROM_DIRECTORY = fragment`ARRAY(
  SELECT part FROM (VALUES
    ('name', u.managed_by <> 'manual'),
    ('role', u.managed_by <> 'manual' AND EXISTS (SELECT FROM group_mappings WHERE role IS NOT NULL)),
    ('teams', u.managed_by <> 'manual' AND EXISTS (SELECT FROM group_mappings WHERE team_id IS NOT NULL)),
    ('access', u.managed_by = 'scim' AND EXISTS (
       SELECT FROM directory_people d WHERE d.user_id = u.id AND NOT d.is_active))
  ) said(part, is_said) WHERE is_said)`

/** @throws Failure `managed_elsewhere` */
export async function requireOwn(
  tx: Transaction,
  userId: string,
  part: DirectoryPart,
): Promise<void> {
  const person = await tx.maybe<{ said: DirectoryPart[] }>(sql`
    SELECT ${FROM_DIRECTORY} AS said FROM users u WHERE u.id = ${userId}`)
  if (person?.said.includes(part)) throw new Failure('managed_elsewhere', { what: part })
}

/** What groups give: of several roles the highest, of teams all. Null: what they do not stand for. */
export interface GroupRights {
  role: Role | null
  teamIds: string[] | null
}

/**
 * @param names of a person's groups, in any case; what has no mapping gives nothing
 * @returns null where none of them has one
 */
export async function rightsOfGroups(
  db: Queryable,
  names: readonly string[],
): Promise<GroupRights | null> {
  const given = await db.many<{ role: Role | null; team_id: string | null }>(sql`
    SELECT role, team_id FROM group_mappings
    WHERE LOWER(name) IN (SELECT LOWER(one) FROM unnest(${names.filter(isStorable)}::text[]) AS one)`)
  if (given.length === 0) return null
  const roles = given.flatMap(({ role }) => role ?? [])
  const teamIds = new Set(given.flatMap(({ team_id }) => team_id ?? []))
  return {
    role: ROLES.findLast((role) => roles.includes(role)) ?? null,
    teamIds: teamIds.size === 0 ? null : [...teamIds].toSorted(),
  }
}

/**
 * What a person's groups say is what they may from now on, where the directory manages them; of a person managed by
 * hand nothing changes.
 * @throws Failure `not_found`
 */
export async function applyGroups(
  services: Services,
  userId: string,
  names: readonly string[],
  by: Doer,
): Promise<void> {
  await changeRights(services, userId, (tx, before) =>
    followGroups(services, tx, { userId, before, names, by }),
  )
}

/** The same within `changeRights`. */
export async function followGroups(
  { audit }: Services,
  tx: Transaction,
  {
    userId,
    before,
    names,
    by,
  }: { userId: string; before: Rights; names: readonly string[]; by: Doer },
): Promise<void> {
  await tx.one(sql`SELECT 1 FROM group_mapping_list FOR SHARE`)
  const { said } = await tx.one<{ said: DirectoryPart[] }>(sql`
    SELECT ${FROM_DIRECTORY} AS said FROM users u WHERE u.id = ${userId}`)
  const given = await rightsOfGroups(tx, names)
  const change = { userId, before, by }
  if (said.includes('teams')) await changeTeams(audit, tx, change, given?.teamIds ?? [])
  if (!said.includes('role')) return
  const role = given?.role ?? 'agent'
  if (role === before.role) return
  // Nobody would be left who could mend a mistake in the mapping, and whoever signs in has done nothing wrong.
  if ((await whyAdminStays(tx, userId)) !== null) {
    if (await isKnownAsKept(tx, userId)) return
    audit.record(tx, by, {
      action: 'person.role_kept',
      target: { kind: 'person', id: userId },
      after: { role: before.role, given: role },
    })
    return
  }
  await changeRole(audit, tx, change, role)
}

/** Said once, however often they sign in. */
async function isKnownAsKept(tx: Transaction, userId: string): Promise<boolean> {
  const last = await tx.maybe<{ action: string }>(sql`
    SELECT action FROM audit_log
    WHERE target_id = ${userId} AND action IN ('person.role_kept', 'person.role_changed')
    ORDER BY seq DESC LIMIT 1`)
  return last?.action === 'person.role_kept'
}

export async function readMappings(db: Queryable): Promise<GroupMappingsOutput> {
  const { version, mappings } = await db.one<{ version: number; mappings: GroupMapping[] }>(sql`
    SELECT l.version, COALESCE((
      SELECT json_agg(json_build_object('name', name, 'role', role, 'teamId', team_id) ORDER BY LOWER(name))
      FROM group_mappings), '[]') AS mappings
    FROM group_mapping_list l`)
  return { version, mappings }
}

/** @throws Failure `conflict`, `taken`, `not_found` */
export async function saveMappings(
  { db, audit }: Services,
  by: Doer,
  { mappings, basedOn }: { mappings: readonly GroupMapping[]; basedOn: number },
): Promise<GroupMappingsOutput> {
  return db.transaction(async (tx) => {
    await tx.one(sql`SELECT 1 FROM group_mapping_list FOR UPDATE`)
    const before = await readMappings(tx)
    if (before.version !== basedOn) throw new Failure('conflict')
    await requireTeams(
      tx,
      mappings.flatMap(({ teamId }) => teamId ?? []),
    )
    await tx.run(sql`DELETE FROM group_mappings`)
    await orTaken('name', () =>
      tx.run(sql`
        INSERT INTO group_mappings (name, role, team_id)
        SELECT * FROM unnest(${mappings.map(({ name }) => name)}::text[],
                             ${mappings.map(({ role }) => role)}::text[],
                             ${mappings.map(({ teamId }) => teamId)}::uuid[])`),
    )
    const after = await readMappings(tx)
    if (JSON.stringify(after.mappings) === JSON.stringify(before.mappings)) return before
    await tx.run(sql`UPDATE group_mapping_list SET version = version + 1`)
    const changed = (list: readonly GroupMapping[], other: readonly GroupMapping[]) =>
      list.filter((one) => !other.some((two) => JSON.stringify(one) === JSON.stringify(two)))
    audit.record(tx, by, {
      action: 'security.group_mappings_changed',
      before: { mappings: changed(before.mappings, after.mappings) },
      after: { mappings: changed(after.mappings, before.mappings) },
    })
    return { ...after, version: before.version + 1 }
  })
}

/** @throws Failure `not_found` */
export async function requireTeams(tx: Transaction, teamIds: readonly string[]): Promise<void> {
  const { known } = await tx.one<{ known: number }>(sql`
    SELECT COUNT(*)::int AS known FROM teams WHERE id = ANY(${teamIds}::uuid[])`)
  if (known !== new Set(teamIds).size) throw new Failure('not_found', { what: 'team' })
}

function isStorable(name: string): boolean {
  return !name.includes('\u0000')
}
