import { randomUUID } from 'node:crypto'

import { id as idSchema } from '@parley/contracts'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { orTaken } from '../../platform/or-taken.ts'
import { every, fragment, sql, type Fragment } from '../../platform/sql.ts'
import { changeRights, followGroups, noteRightsDue } from '../people/index.ts'
import {
  entryOf,
  OWN_SCHEMA,
  readOperations,
  readText,
  requireObject,
  requireSchema,
  type Operation,
} from './bodies.ts'
import { present } from './directory-people.queries.ts'
import { type Directory } from './directory-people.ts'
import { SCIM_LIMITS } from './limits.ts'
import { finding, type Condition, type ListQuery } from './queries.ts'
import { invalid, noResource, ScimRefusal } from './refusal.ts'
import { BASE_PATH, GROUP_SCHEMA, USER_SCHEMA } from './schemas.ts'

export interface GroupRecord {
  id: string
  display_name: string
  external_id: string | null
  created_at: Date
  changed_at: Date
  /** Null where nobody asked. */
  members: { id: string; name: string }[] | null
}

const target = (id: string) => ({ kind: 'group', id }) as const

const columns = (withMembers: boolean): Fragment => fragment`
  g.id, g.display_name, g.external_id, g.created_at, g.changed_at,
  CASE WHEN ${withMembers} THEN COALESCE((
    SELECT json_agg(json_build_object('id', m.user_id, 'name', u.full_name) ORDER BY m.user_id)
    FROM directory_group_members m JOIN users u ON u.id = m.user_id WHERE m.group_id = g.id), '[]') END AS members`

export function findGroup(
  db: Queryable,
  groupId: string,
  withMembers: boolean,
): Promise<GroupRecord | null> {
  return db.maybe(sql`
    SELECT ${columns(withMembers)} FROM directory_groups g WHERE g.id = ${groupId}`)
}

export async function findGroups(
  db: Queryable,
  { conditions, startIndex, count }: ListQuery,
  withMembers: boolean,
): Promise<{ groups: GroupRecord[]; total: number }> {
  const where = every(conditions.map(toSql))
  const all = sql`SELECT COUNT(*)::int AS total FROM directory_groups g WHERE ${where}`
  const { total } = await db.one<{ total: number }>(finding(conditions, all))
  // Everybody of every group of a page would be one answer of hundreds of thousands of lines.
  const limit = withMembers ? Math.min(count, SCIM_LIMITS.groupsWithMembers) : count
  const page = sql`
    SELECT ${columns(withMembers)} FROM directory_groups g WHERE ${where}
    ORDER BY g.id OFFSET ${startIndex - 1} LIMIT ${limit}`
  const groups = await db.many<GroupRecord>(finding(conditions, page))
  return { groups, total }
}

/** @throws ScimRefusal `invalidFilter` */
function toSql({ attribute, value }: Condition): Fragment {
  const text = String(value)
  switch (attribute) {
    case 'id':
      return fragment`g.id::text = ${text.toLowerCase()}`
    case 'displayname':
      return fragment`LOWER(g.display_name) = LOWER(${text})`
    case 'externalid':
      return fragment`g.external_id = ${text}`
    case 'members':
    case 'members.value':
      return fragment`EXISTS (
        SELECT FROM directory_group_members m WHERE m.group_id = g.id AND m.user_id::text = ${text.toLowerCase()})`
    default:
      throw new ScimRefusal(
        400,
        'invalidFilter',
        'Groups are found by id, displayName, externalId or members.value',
      )
  }
}

export function toGroup(record: GroupRecord): object {
  return {
    schemas: [GROUP_SCHEMA],
    id: record.id,
    ...present({ externalId: record.external_id }),
    displayName: record.display_name,
    ...(record.members !== null && {
      members: record.members.map(({ id, name }) => ({
        value: id,
        $ref: `${BASE_PATH}/Users/${id}`,
        display: name,
      })),
    }),
    meta: {
      resourceType: 'Group',
      created: record.created_at.toISOString(),
      lastModified: record.changed_at.toISOString(),
      location: `${BASE_PATH}/Groups/${record.id}`,
    },
  }
}

/** What is to be done to a group, in its order. */
type GroupChange =
  | { kind: 'describe'; displayName?: string; externalId?: string | null }
  | { kind: 'add' | 'remove' | 'replace'; memberIds: string[] }

/** @returns its id. @throws ScimRefusal, Failure */
export async function createGroup(directory: Directory, body: unknown): Promise<string> {
  const { services, by } = directory
  const { displayName, externalId, memberIds } = describeGroup(body)
  await requireMembers(services.db, memberIds)
  const id = randomUUID()
  await services.db.transaction(async (tx) => {
    await orTaken('displayName', () =>
      tx.run(sql`
        INSERT INTO directory_groups (id, display_name, external_id)
        VALUES (${id}, ${displayName}, ${externalId})`),
    )
    services.audit.record(tx, by, {
      action: 'group.created',
      target: target(id),
      after: { displayName, externalId },
    })
  })
  await changeMembers(directory, id, { kind: 'add', memberIds })
  return id
}

/** A group without `members` in a PUT has none. @throws ScimRefusal, Failure */
export async function replaceGroup(
  directory: Directory,
  groupId: string,
  body: unknown,
): Promise<void> {
  const { displayName, externalId, memberIds } = describeGroup(body)
  await carryOut(directory, groupId, [
    { kind: 'describe', displayName, externalId },
    { kind: 'replace', memberIds },
  ])
}

/** @throws ScimRefusal, Failure */
export async function updateGroup(
  directory: Directory,
  groupId: string,
  body: unknown,
): Promise<void> {
  await carryOut(directory, groupId, readOperations(body).flatMap(changesOf))
}

/** Whoever was in it loses what follows from it. @throws ScimRefusal, Failure */
export async function removeGroup(directory: Directory, groupId: string): Promise<void> {
  const { services, by } = directory
  await requireGroup(services.db, groupId)
  await changeMembers(directory, groupId, { kind: 'replace', memberIds: [] })
  await services.db.transaction(async (tx) => {
    const removed = await tx.maybe<{ display_name: string }>(sql`
      SELECT display_name FROM directory_groups WHERE id = ${groupId} FOR UPDATE`)
    if (removed === null) return
    // Who was taken in meanwhile leaves with it.
    await noteRightsDue(services, tx, { groupId })
    await tx.run(sql`DELETE FROM directory_groups WHERE id = ${groupId}`)
    services.audit.record(tx, by, {
      action: 'group.removed',
      target: target(groupId),
      before: { displayName: removed.display_name },
    })
  })
}

async function carryOut(
  directory: Directory,
  groupId: string,
  changes: readonly GroupChange[],
): Promise<void> {
  const { db } = directory.services
  await requireGroup(db, groupId)
  // All of it is looked at before anything of it is done.
  await requireMembers(
    db,
    changes.flatMap((change) =>
      change.kind === 'add' || change.kind === 'replace' ? change.memberIds : [],
    ),
  )
  for (const change of changes) {
    if (change.kind === 'describe') await describe(directory, groupId, change)
    else await changeMembers(directory, groupId, change)
  }
}

/** Another name may stand for something else. */
async function describe(
  { services, by }: Directory,
  groupId: string,
  change: { displayName?: string; externalId?: string | null },
): Promise<void> {
  await services.db.transaction(async (tx) => {
    const before = await tx.maybe<{ display_name: string; external_id: string | null }>(sql`
      SELECT display_name, external_id FROM directory_groups WHERE id = ${groupId} FOR UPDATE`)
    if (before === null) throw noResource()
    const displayName = change.displayName ?? before.display_name
    const externalId = change.externalId === undefined ? before.external_id : change.externalId
    if (displayName === before.display_name && externalId === before.external_id) return
    await orTaken('displayName', () =>
      tx.run(sql`
        UPDATE directory_groups SET display_name = ${displayName}, external_id = ${externalId}, changed_at = NOW()
        WHERE id = ${groupId}`),
    )
    if (displayName !== before.display_name) await noteRightsDue(services, tx, { groupId })
    services.audit.record(tx, by, {
      action: 'group.changed',
      target: target(groupId),
      before: { displayName: before.display_name, externalId: before.external_id },
      after: { displayName, externalId },
    })
  })
}

/**
 * Of whom it changes anything, each with the rights that follow in a transaction of their own: none is long, and whoever
 * asks again after a stop goes on where it ended.
 */
async function changeMembers(
  directory: Directory,
  groupId: string,
  { kind, memberIds }: { kind: 'add' | 'remove' | 'replace'; memberIds: readonly string[] },
): Promise<void> {
  const { services, by } = directory
  const members = await services.db.many<{ user_id: string }>(sql`
    SELECT user_id FROM directory_group_members
    WHERE group_id = ${groupId} AND (${kind === 'replace'} OR user_id = ANY(${memberIds}::uuid[]))
    ORDER BY user_id`)
  const present = new Set(members.map(({ user_id }) => user_id))
  const named = new Set(memberIds)
  const leaving =
    kind === 'add' ? [] : [...present].filter((id) => kind === 'remove' || !named.has(id))
  const coming = kind === 'remove' ? [] : [...named].filter((id) => !present.has(id)).toSorted()
  for (const userId of leaving) {
    await changeRights(services, userId, async (tx) => {
      await tx.run(sql`
        DELETE FROM directory_group_members WHERE group_id = ${groupId} AND user_id = ${userId}`)
      await followGroups(services, tx, { userId, names: null, by })
    })
  }
  for (const userId of coming) {
    await changeRights(services, userId, async (tx) => {
      if (!(await join(tx, groupId, userId))) return
      await followGroups(services, tx, { userId, names: null, by })
    })
  }
}

/** @returns false for who was switched off for good, or in it already */
async function join(tx: Transaction, groupId: string, userId: string): Promise<boolean> {
  // The group's name stays until this is done: whoever renames it finds its member.
  const group = await tx.maybe(sql`SELECT 1 FROM directory_groups WHERE id = ${groupId} FOR SHARE`)
  if (group === null) throw noResource()
  const joined = await tx.run(sql`
    INSERT INTO directory_group_members (group_id, user_id)
    SELECT ${groupId}, d.user_id FROM directory_people d
    WHERE d.user_id = ${userId} AND d.deleted_at IS NULL
    FOR UPDATE ON CONFLICT DO NOTHING`)
  return joined > 0
}

function describeGroup(body: unknown): {
  displayName: string
  externalId: string | null
  memberIds: string[]
} {
  const attributes = requireObject(body, 'The body')
  requireSchema(attributes, GROUP_SCHEMA, USER_SCHEMA)
  const displayName = readText(entryOf(attributes, 'displayname'), 'displayName')
  if (displayName === null) throw invalid('displayName is missing')
  return {
    displayName,
    externalId: readText(entryOf(attributes, 'externalid'), 'externalId'),
    memberIds: readMembers(entryOf(attributes, 'members')),
  }
}

const MEMBER_PATH = /^members\[\s*value\s+eq\s+"([^"]*)"\s*\]$/i
/** What directories send besides. */
const UNUSED = new Set(['schemas', 'id', 'meta'])

/** @throws ScimRefusal */
function changesOf({ op, path, value }: Operation): GroupChange[] {
  if (path === null) {
    return Object.entries(requireObject(value, 'The value of an operation without a path')).flatMap(
      ([name, part]) => changesOf({ op, path: name, value: part }),
    )
  }
  const plain = path.trim().replace(OWN_SCHEMA, '')
  const lower = plain.toLowerCase()
  if (lower === 'displayname') {
    const displayName = op === 'remove' ? null : readText(value, 'displayName')
    if (displayName === null) throw invalid('displayName is missing')
    return [{ kind: 'describe', displayName }]
  }
  if (lower === 'externalid') {
    return [{ kind: 'describe', externalId: op === 'remove' ? null : readText(value, path) }]
  }
  if (lower === 'members') {
    if (op !== 'remove') {
      return [{ kind: op === 'add' ? 'add' : 'replace', memberIds: readMembers(value) }]
    }
    // Entra names those who leave in the value, and only without one everybody leaves.
    return value === undefined || value === null
      ? [{ kind: 'replace', memberIds: [] }]
      : [{ kind: 'remove', memberIds: readMembers(value) }]
  }
  const member = MEMBER_PATH.exec(plain)?.[1]
  if (member !== undefined && op === 'remove') {
    return [{ kind: 'remove', memberIds: readMembers([{ value: member }]) }]
  }
  if (UNUSED.has(lower) || lower.startsWith('urn:')) return []
  throw new ScimRefusal(400, 'invalidPath', `There is nothing to ${op} at ${plain.slice(0, 100)}`)
}

/** @throws ScimRefusal */
function readMembers(value: unknown): string[] {
  if (value === undefined || value === null) return []
  const members: unknown[] = Array.isArray(value) ? value : [value]
  if (members.length > SCIM_LIMITS.members) {
    throw new ScimRefusal(413, 'tooMany', `More than ${SCIM_LIMITS.members} members`)
  }
  const ids = members.map((member) => {
    const result = idSchema.safeParse(entryOf(requireObject(member, 'A member'), 'value'))
    if (!result.success) throw invalid('A member’s value is no id of a user')
    return result.data
  })
  return [...new Set(ids)]
}

/** @throws ScimRefusal where one of them is nobody, a group included */
async function requireMembers(db: Queryable, memberIds: readonly string[]): Promise<void> {
  const wanted = [...new Set(memberIds)]
  if (wanted.length > SCIM_LIMITS.members) {
    throw new ScimRefusal(413, 'tooMany', `More than ${SCIM_LIMITS.members} members`)
  }
  const { known } = await db.one<{ known: number }>(sql`
    SELECT COUNT(*)::int AS known FROM directory_people
    WHERE user_id = ANY(${wanted}::uuid[]) AND deleted_at IS NULL`)
  if (known !== wanted.length) throw invalid('A member is no user that this directory has sent')
}

/** @throws ScimRefusal */
async function requireGroup(db: Queryable, groupId: string): Promise<void> {
  const group = await db.maybe(sql`SELECT 1 FROM directory_groups WHERE id = ${groupId}`)
  if (group === null) throw noResource()
}
