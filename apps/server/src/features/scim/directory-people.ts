import { isDeepStrictEqual } from 'node:util'

import { type Manager } from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { type Doer } from '../../platform/doer.ts'
import { Failure } from '../../platform/failure.ts'
import { orTaken } from '../../platform/or-taken.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { isBreakGlass, NO_PASSWORD, type Sessions } from '../accounts/index.ts'
import { changeAccess, changeRights, followGroups } from '../people/index.ts'
import { describePerson, patchPerson, type DescribedPerson } from './described-person.ts'
import {
  describedIn,
  findPerson,
  lockPerson,
  type PersonRecord,
} from './directory-people.queries.ts'
import { noResource, ScimRefusal, taken } from './refusal.ts'

/** A directory that sends people and groups, by its key. */
export interface Directory {
  services: Services
  sessions: Sessions
  keyId: string
  by: Doer
}

const target = (id: string) => ({ kind: 'person', id }) as const
const BY_HAND = 'This person was taken over in Parley, and is changed there alone'

/**
 * Whoever has the address already is who it is: an account that administrators made is linked, and the directory says
 * from now on what they are called.
 * @throws ScimRefusal, Failure
 */
export async function createPerson(directory: Directory, body: unknown): Promise<PersonRecord> {
  const described = describePerson(body, null)
  const { db } = directory.services
  const existing = await db.maybe<{ id: string }>(sql`
    SELECT id FROM users WHERE LOWER(email) = ${described.email}`)
  const userId =
    existing === null
      ? await provision(directory, described)
      : await link(directory, existing.id, described)
  return found(await findPerson(db, userId))
}

async function provision(
  { services: { db, audit, signals }, by }: Directory,
  described: DescribedPerson,
): Promise<string> {
  return db.transaction(async (tx) => {
    const created = await tx.maybe<{ id: string }>(sql`
      INSERT INTO users (id, email, password_hash, full_name, role, is_active, managed_by)
      VALUES (new_id(), ${described.email}, ${NO_PASSWORD}, ${nameOf(described)}, 'agent', ${described.isActive}, 'scim')
      ON CONFLICT DO NOTHING RETURNING id`)
    // Between the look and this somebody made the account: the directory's next try links it.
    if (created === null) throw taken('There is an account with this address')
    await insertPerson(tx, created.id, described)
    audit.record(tx, by, {
      action: 'person.provisioned',
      target: target(created.id),
      after: {
        email: described.email,
        userName: described.userName,
        role: 'agent',
        isActive: described.isActive,
      },
    })
    tx.afterCommit(() => signals.send('feed'))
    return created.id
  })
}

interface Linked {
  managed_by: Manager
  is_known: boolean
  is_deleted: boolean
  is_active: boolean
  full_name: string
}

async function link(
  directory: Directory,
  userId: string,
  described: DescribedPerson,
): Promise<string> {
  const { services, by } = directory
  await changeRights(services, userId, async (tx) => {
    // Of two who send the same person at once the second sees what the first has made of it.
    await tx.one(sql`SELECT 1 FROM users WHERE id = ${userId} FOR NO KEY UPDATE`)
    const person = await tx.one<Linked>(sql`
      SELECT u.managed_by, u.is_active, d.user_id IS NOT NULL AS is_known, d.deleted_at IS NOT NULL AS is_deleted,
             u.full_name
      FROM users u LEFT JOIN directory_people d ON d.user_id = u.id
      WHERE u.id = ${userId}`)
    if (person.is_known && !person.is_deleted) throw taken('There is a user with this address')
    if (person.is_known && person.managed_by === 'manual') throw taken(BY_HAND)
    // It is for when the directory fails.
    if (await isBreakGlass(tx, userId))
      throw taken('This is the emergency account, which no directory manages')
    await tx.run(sql`DELETE FROM directory_people WHERE user_id = ${userId}`)
    await insertPerson(tx, userId, described)
    await tx.run(sql`
      UPDATE users SET managed_by = 'scim', full_name = ${nameOf(described)} WHERE id = ${userId}`)
    services.audit.record(tx, by, {
      action: 'person.linked',
      target: target(userId),
      before: { managedBy: person.managed_by, fullName: person.full_name },
      after: { managedBy: 'scim', fullName: nameOf(described), userName: described.userName },
    })
    // Whom an administrator switched off stays so; whom the directory forgot comes back by it.
    const isBack = described.isActive && person.is_deleted && !person.is_active
    const isGone = !described.isActive && person.is_active
    if (isBack || isGone) await followAccess(directory, tx, userId, described.isActive)
  })
  return userId
}

/** @throws ScimRefusal, Failure */
export function replacePerson(
  directory: Directory,
  userId: string,
  body: unknown,
): Promise<PersonRecord> {
  return change(directory, userId, (before) => describePerson(body, before))
}

/** @throws ScimRefusal, Failure */
export function updatePerson(
  directory: Directory,
  userId: string,
  body: unknown,
): Promise<PersonRecord> {
  return change(directory, userId, (before) => patchPerson(before, body))
}

/** What is as it was writes nothing: directories send everything again and again. */
async function change(
  directory: Directory,
  userId: string,
  changed: (before: DescribedPerson) => DescribedPerson,
): Promise<PersonRecord> {
  const { services } = directory
  const standing = found(await findPerson(services.db, userId))
  const described = describedIn(standing)
  if (isDeepStrictEqual(changed(described), described)) return standing
  await changeRights(services, userId, async (tx) => {
    // As it is now: somebody else may have changed it in between.
    const record = found(await lockPerson(tx, userId))
    await write(directory, tx, record, changed(describedIn(record)))
  })
  return found(await findPerson(services.db, userId))
}

async function write(
  directory: Directory,
  tx: Transaction,
  record: PersonRecord,
  after: DescribedPerson,
): Promise<void> {
  const { services, by } = directory
  const before = describedIn(record)
  const userId = record.user_id
  if (isDeepStrictEqual(after, before)) return
  if (record.managed_by === 'manual') throw new ScimRefusal(409, null, BY_HAND)
  // Not even its address: it is what they sign in with when the directory fails, or is somebody else's.
  if (await isBreakGlass(tx, userId)) throw new Failure('break_glass')
  await orTaken('userName', () =>
    tx.run(sql`
      UPDATE directory_people SET user_name = ${after.userName}, external_id = ${after.externalId},
        display_name = ${after.displayName}, formatted_name = ${after.formattedName},
        given_name = ${after.givenName}, family_name = ${after.familyName},
        is_active = ${after.isActive}, changed_at = NOW()
      WHERE user_id = ${userId}`),
  )
  const fullName = nameOf(after)
  if (fullName !== record.full_name || after.email !== before.email) {
    await orTaken('email', () =>
      tx.run(sql`
        UPDATE users SET full_name = ${fullName}, email = ${after.email} WHERE id = ${userId}`),
    )
  }
  const { userName, externalId, email } = before
  services.audit.record(tx, by, {
    action: 'person.changed',
    target: target(userId),
    before: { fullName: record.full_name, email, userName, externalId },
    after: { fullName, email: after.email, userName: after.userName, externalId: after.externalId },
  })
  if (after.isActive !== before.isActive) await followAccess(directory, tx, userId, after.isActive)
}

/** Whom somebody else switched off comes in again by them alone, also where the directory says no and then yes. */
async function followAccess(
  { services, sessions, by }: Directory,
  tx: Transaction,
  userId: string,
  isActive: boolean,
): Promise<void> {
  if (isActive && (await isSwitchedOffHere(tx, userId))) return
  await changeAccess(services, sessions, tx, { userId, by }, isActive)
}

async function isSwitchedOffHere(tx: Transaction, userId: string): Promise<boolean> {
  const last = await tx.maybe<{ action: string; actor_kind: string }>(sql`
    SELECT action, actor_kind FROM audit_log
    WHERE target_id = ${userId} AND action IN ('person.activated', 'person.deactivated')
    ORDER BY seq DESC LIMIT 1`)
  return last?.action === 'person.deactivated' && last.actor_kind !== 'scim'
}

/**
 * The account stays, switched off, with all that it did; the directory may send the person again.
 * @throws ScimRefusal, Failure
 */
export async function removePerson(directory: Directory, userId: string): Promise<void> {
  const { services, sessions, by } = directory
  found(await findPerson(services.db, userId))
  await changeRights(services, userId, async (tx) => {
    const record = found(await lockPerson(tx, userId))
    await tx.run(sql`
      UPDATE directory_people SET deleted_at = NOW(), is_active = FALSE, changed_at = NOW()
      WHERE user_id = ${userId}`)
    await tx.run(sql`DELETE FROM directory_group_members WHERE user_id = ${userId}`)
    if (record.managed_by === 'manual') return
    await followGroups(services, tx, { userId, names: null, by })
    await changeAccess(services, sessions, tx, { userId, by }, false)
  })
}

function insertPerson(tx: Transaction, userId: string, person: DescribedPerson): Promise<number> {
  return orTaken('userName', () =>
    tx.run(sql`
      INSERT INTO directory_people (user_id, user_name, external_id, display_name, formatted_name, given_name,
                                    family_name, is_active)
      VALUES (${userId}, ${person.userName}, ${person.externalId}, ${person.displayName}, ${person.formattedName},
              ${person.givenName}, ${person.familyName}, ${person.isActive})`),
  )
}

/** What colleagues see. */
function nameOf(person: DescribedPerson): string {
  const parts = [person.givenName, person.familyName].filter((part) => part !== null)
  const { displayName, formattedName, userName } = person
  return (
    displayName ?? formattedName ?? (parts.length > 0 ? parts.join(' ') : userName).slice(0, 255)
  )
}

/** @throws ScimRefusal */
function found(record: PersonRecord | null): PersonRecord {
  if (record === null) throw noResource()
  return record
}

/** In the protocol's words. */
export function toRefusal(failure: Failure): ScimRefusal | null {
  switch (failure.code) {
    case 'taken': {
      const what = String(failure.details['what'])
      return taken(`Another ${what === 'displayName' ? 'group' : 'user'} has this ${what}`)
    }
    case 'last_admin':
      return new ScimRefusal(
        409,
        null,
        'Nobody else administers Parley: make somebody an administrator there first',
      )
    case 'break_glass':
      return new ScimRefusal(
        409,
        null,
        'This is the emergency account: name another one in Parley first',
      )
    case 'not_found':
      return noResource()
    default:
      return null
  }
}
