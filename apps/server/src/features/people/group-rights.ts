import { type GroupMapping, type GroupMappingsOutput } from '@parley/contracts'
import { ROLES, type DirectoryPart, type Manager, type Role } from '@parley/domain'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { SYSTEM, type Doer } from '../../platform/doer.ts'
import { Failure } from '../../platform/failure.ts'
import { startPeriodic } from '../../platform/periodic.ts'
import { type Services } from '../../platform/services.ts'
import { Fragment, fragment, sql } from '../../platform/sql.ts'
import { orTaken } from '../../platform/or-taken.ts'
import {
  changeRights,
  changeRole,
  changeTeams,
  RIGHTS,
  whyAdminStays,
  type Rights,
} from './rights.ts'

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
 * @param names of a person's groups, in any case, or what finds them; what has no mapping gives nothing
 * @returns null where none of them has one
 */
export async function rightsOfGroups(
  db: Queryable,
  names: readonly string[] | Fragment,
): Promise<GroupRights | null> {
  const named =
    names instanceof Fragment
      ? names
      : fragment`SELECT one FROM unnest(${names.filter(isStorable)}::text[]) AS one`
  const given = await db.many<{ role: Role | null; team_id: string | null }>(sql`
    SELECT role, team_id FROM group_mappings
    WHERE LOWER(name) IN (SELECT LOWER(one) FROM (${named}) names(one))`)
  if (given.length === 0) return null
  const roles = given.flatMap(({ role }) => role ?? [])
  const teamIds = new Set(given.flatMap(({ team_id }) => team_id ?? []))
  return {
    role: ROLES.findLast((role) => roles.includes(role)) ?? null,
    teamIds: teamIds.size === 0 ? null : [...teamIds].toSorted(),
  }
}

/** The names of the groups into which SCIM has put a person. */
const sentGroups = (userId: string): Fragment => fragment`
  SELECT g.display_name FROM directory_group_members m JOIN directory_groups g ON g.id = m.group_id
  WHERE m.user_id = ${userId}`

/**
 * What a person's groups say at sign-on is what they may from now on, where single sign-on manages them; of whom
 * administrators or SCIM say it nothing changes.
 * @throws Failure `not_found`
 */
export async function applyGroups(
  services: Services,
  userId: string,
  names: readonly string[],
  by: Doer,
): Promise<void> {
  await changeRights(services, userId, (tx) => followGroups(services, tx, { userId, names, by }))
}

/**
 * The same within `changeRights`.
 * @param names of groups as single sign-on names them; null: of whom SCIM manages, those that it has sent
 */
export async function followGroups(
  { audit }: Services,
  tx: Transaction,
  { userId, names, by }: { userId: string; names: readonly string[] | null; by: Doer },
): Promise<void> {
  // The list stays as it is; and of two groups that change at once the second sees what the first has left. In this
  // order: whoever has a person's turn waits for nobody who waits for the list.
  await tx.one(sql`
    WITH list AS MATERIALIZED (SELECT FROM group_mapping_list FOR SHARE)
    SELECT pg_advisory_xact_lock(hashtextextended(${`group rights ${userId}`}, 0)) FROM list`)
  const {
    said,
    managed_by: managedBy,
    ...before
  } = await tx.one<Managed>(sql`
    SELECT ${RIGHTS}, ${FROM_DIRECTORY} AS said, u.managed_by FROM users u WHERE u.id = ${userId}`)
  // Of two that say something of a person's groups one counts.
  if (managedBy !== (names === null ? 'scim' : 'sso')) return
  const given = await rightsOfGroups(tx, names ?? sentGroups(userId))
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

interface Managed extends Rights {
  said: DirectoryPart[]
  managed_by: Manager
}

const DUE_AT_ONCE = 100
const DUE_EVERY_MS = 30_000

/**
 * Follows for whom a group was renamed, or stands for something else now: at once, person by person, and what a process
 * did not come to is found by the next look.
 */
export function startGroupRights(services: Services): { stop: () => Promise<void> } {
  const due = startPeriodic('group-rights', DUE_EVERY_MS, services, async () => {
    while (await followDue(services));
  })
  const silence = services.signals.on('group_rights', () => due.wake())
  return {
    async stop() {
      silence()
      await due.stop()
    },
  }
}

/** @returns whether there may be more */
async function followDue(services: Services): Promise<boolean> {
  const due = await services.db.many<{ user_id: string }>(sql`
    SELECT user_id FROM group_rights_due ORDER BY user_id LIMIT ${DUE_AT_ONCE}`)
  for (const { user_id: userId } of due) {
    await changeRights(services, userId, async (tx) => {
      // Before the note, as who changes the list does: else each would wait for the other.
      await tx.one(sql`SELECT 1 FROM group_mapping_list FOR SHARE`)
      await tx.run(sql`DELETE FROM group_rights_due WHERE user_id = ${userId}`)
      await followGroups(services, tx, { userId, names: null, by: SYSTEM })
    })
  }
  return due.length === DUE_AT_ONCE
}

/** Of all whom SCIM manages and has put into a group, of those in one of them, or of one person, in a group or not. */
export async function noteRightsDue(
  { signals }: Services,
  tx: Transaction,
  { groupId, userId }: { groupId?: string; userId?: string },
): Promise<void> {
  const whom =
    userId === undefined
      ? fragment`
          SELECT m.user_id FROM directory_group_members m
          WHERE ${groupId ?? null}::uuid IS NULL OR m.group_id = ${groupId ?? null}::uuid`
      : fragment`SELECT ${userId}::uuid`
  await tx.run(sql`
    INSERT INTO group_rights_due (user_id)
    SELECT u.id FROM users u WHERE u.managed_by = 'scim' AND u.id IN (${whom}) ORDER BY u.id
    ON CONFLICT DO NOTHING`)
  tx.afterCommit(() => signals.send('group_rights'))
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
  services: Services,
  by: Doer,
  { mappings, basedOn }: { mappings: readonly GroupMapping[]; basedOn: number },
): Promise<GroupMappingsOutput> {
  const { db, audit } = services
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
    await noteRightsDue(services, tx, {})
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
