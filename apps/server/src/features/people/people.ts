import { type LinkOutput } from '@parley/contracts'
import { type Manager, type Role } from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { type Doer } from '../../platform/doer.ts'
import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import {
  type Accounts,
  isBreakGlass,
  makeLink,
  NO_PASSWORD,
  removeSecondFactor,
  type LinkPurpose,
} from '../accounts/index.ts'
import { changeAccess } from './access.ts'
import { noteRightsDue, requireOwn, requireTeams } from './group-rights.ts'
import { orTaken } from '../../platform/or-taken.ts'
import {
  changeRights,
  changeRole,
  changeTeams,
  replaceTeams,
  requireAnotherAdmin,
} from './rights.ts'

interface Sent {
  managed_by: Manager
  full_name: string
  sent_name: string
  is_deleted: boolean
}

interface Described {
  full_name: string
  email: string
}

export type People = ReturnType<typeof createPeople>

/** Who is here and what they may do, as administrators decide it: on a screen, by command, or by a directory. */
export function createPeople(services: Services, { sessions }: Pick<Accounts, 'sessions'>) {
  const { db, audit, signals } = services
  const person = (id: string) => ({ kind: 'person', id }) as const

  return {
    /** @throws Failure `taken`, `not_found` */
    invite: (
      {
        fullName,
        email,
        role,
        teamIds,
      }: {
        fullName: string
        email: string
        role: Role
        teamIds: string[]
      },
      by: Doer,
    ): Promise<LinkOutput> =>
      db.transaction(async (tx) => {
        await requireTeams(tx, teamIds)
        const created = await tx.maybe<{ id: string }>(sql`
          INSERT INTO users (id, email, password_hash, full_name, role)
          VALUES (new_id(), ${email.toLowerCase()}, ${NO_PASSWORD}, ${fullName}, ${role})
          ON CONFLICT DO NOTHING RETURNING id`)
        if (created === null) throw new Failure('taken', { what: 'email' })
        await replaceTeams(tx, created.id, teamIds)
        audit.record(tx, by, {
          action: 'person.invited',
          target: person(created.id),
          after: { email: email.toLowerCase(), role, teamIds },
        })
        tx.afterCommit(() => signals.send('feed'))
        return linkFor(tx, created.id, 'invitation', by)
      }),

    /**
     * For a first password, or for another one: sessions and the present password stay until it is used.
     * @throws Failure `not_found`
     */
    makeLink: (userId: string, by: Doer): Promise<LinkOutput> =>
      db.transaction(async (tx) => {
        const found = await tx.maybe<{ password_hash: string }>(sql`
          SELECT password_hash FROM users WHERE id = ${userId} AND is_active FOR NO KEY UPDATE`)
        if (found === null) throw new Failure('not_found')
        const purpose = found.password_hash === NO_PASSWORD ? 'invitation' : 'reset'
        return linkFor(tx, userId, purpose, by)
      }),

    /** @throws Failure `taken`, `not_found`, `managed_elsewhere` */
    save: (
      { userId, fullName, email }: { userId: string; fullName: string; email: string },
      by: Doer,
    ): Promise<void> =>
      db.transaction(async (tx) => {
        const before = await tx.maybe<Described>(sql`
          SELECT full_name, email FROM users WHERE id = ${userId} FOR NO KEY UPDATE`)
        if (before === null) throw new Failure('not_found')
        const after: Described = { full_name: fullName, email: email.toLowerCase() }
        if (after.full_name === before.full_name && after.email === before.email) return
        await requireOwn(tx, userId, 'name')
        await orTaken('email', () =>
          tx.run(sql`
            UPDATE users SET full_name = ${after.full_name}, email = ${after.email} WHERE id = ${userId}`),
        )
        audit.record(tx, by, {
          action: 'person.changed',
          target: person(userId),
          before: toShown(before),
          after: toShown(after),
        })
        tx.afterCommit(() => signals.send('feed'))
      }),

    /** @throws Failure `not_found`, `last_admin`, `managed_elsewhere` */
    setRole: (userId: string, role: Role, by: Doer): Promise<void> =>
      changeRights(services, userId, async (tx, before) => {
        if (before.role === role) return
        await requireOwn(tx, userId, 'role')
        if (role !== 'admin') await requireAnotherAdmin(tx, userId)
        await changeRole(audit, tx, { userId, before, by }, role)
      }),

    /** @throws Failure `not_found`, `managed_elsewhere` */
    setTeams: (userId: string, teamIds: string[], by: Doer): Promise<void> =>
      changeRights(services, userId, async (tx, before) => {
        const wanted = [...new Set(teamIds)].toSorted()
        if (wanted.join() === before.team_ids.join()) return
        await requireOwn(tx, userId, 'teams')
        await requireTeams(tx, wanted)
        await changeTeams(audit, tx, { userId, before, by }, wanted)
      }),

    /**
     * Switching somebody off ends their sessions and gives back all that they have, in one transaction.
     * @throws Failure `not_found`, `last_admin`, `managed_elsewhere` who is not active in the directory
     */
    setActive: (userId: string, isActive: boolean, by: Doer): Promise<void> =>
      changeRights(services, userId, async (tx) => {
        if (isActive) await requireOwn(tx, userId, 'access')
        await changeAccess(services, sessions, tx, { userId, by }, isActive)
      }),

    /**
     * From now on administrators say what the directory has said until now, which stays as it is.
     * @throws Failure `not_found`
     */
    takeOver: (userId: string, by: Doer): Promise<void> =>
      db.transaction(async (tx) => {
        const before = await tx.maybe<{ managed_by: Manager }>(sql`
          SELECT managed_by FROM users WHERE id = ${userId} FOR NO KEY UPDATE`)
        if (before === null) throw new Failure('not_found')
        if (before.managed_by === 'manual') return
        await tx.run(sql`UPDATE users SET managed_by = 'manual' WHERE id = ${userId}`)
        audit.record(tx, by, {
          action: 'person.taken_over',
          target: person(userId),
          before: { managedBy: before.managed_by },
          after: { managedBy: 'manual' },
        })
      }),

    /**
     * The directory goes on where it was left out: what it has sent since counts from now on, or from when it sends the
     * person again, where it has forgotten them.
     * @throws Failure `not_found` for whom it never sent
     */
    giveBack: (userId: string, by: Doer): Promise<void> =>
      db.transaction(async (tx) => {
        const before = await tx.maybe<Sent>(sql`
          SELECT u.managed_by, u.full_name, d.deleted_at IS NOT NULL AS is_deleted,
                 LEFT(COALESCE(d.display_name, d.formatted_name,
                               NULLIF(CONCAT_WS(' ', d.given_name, d.family_name), ''), d.user_name), 255) AS sent_name
          FROM users u JOIN directory_people d ON d.user_id = u.id
          WHERE u.id = ${userId} FOR NO KEY UPDATE OF u`)
        if (before === null) throw new Failure('not_found')
        if (before.managed_by === 'scim') return
        if (before.is_deleted)
          await tx.run(sql`DELETE FROM directory_people WHERE user_id = ${userId}`)
        else {
          await tx.run(sql`
            UPDATE users SET managed_by = 'scim', full_name = ${before.sent_name} WHERE id = ${userId}`)
          await noteRightsDue(services, tx, { userId })
        }
        audit.record(tx, by, {
          action: 'person.given_back',
          target: person(userId),
          before: { managedBy: before.managed_by, fullName: before.full_name },
          after: before.is_deleted ? {} : { managedBy: 'scim', fullName: before.sent_name },
        })
        tx.afterCommit(() => signals.send('feed'))
      }),

    /**
     * For who has lost authenticator and codes. Their sessions end: it may not be them who asks. Of the emergency account
     * it is all that keeps a colleague with a link from being it: whoever has the server alone removes that.
     * @throws Failure `not_found`, `break_glass`
     */
    removeSecondFactor: (userId: string, by: Doer): Promise<void> =>
      db.transaction(async (tx) => {
        if (by.kind !== 'command_line' && (await isBreakGlass(tx, userId)))
          throw new Failure('break_glass')
        if (!(await removeSecondFactor(tx, userId))) throw new Failure('not_found')
        await sessions.end(tx, { userId }, 'revoked')
        audit.record(tx, by, { action: 'second_factor.removed', target: person(userId) })
      }),
  }

  async function linkFor(
    tx: Transaction,
    userId: string,
    purpose: LinkPurpose,
    by: Doer,
  ): Promise<LinkOutput> {
    const { token, expiresAt } = await makeLink(tx, userId, purpose)
    audit.record(tx, by, {
      action: 'person.link_made',
      target: person(userId),
      after: { purpose, expiresAt },
    })
    return { userId, token, expiresAt: expiresAt.toISOString() }
  }
}

function toShown({ full_name: fullName, email }: Described): object {
  return { fullName, email }
}
