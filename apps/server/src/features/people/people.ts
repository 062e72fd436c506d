import { type LinkOutput } from '@parley/contracts'
import { type Role } from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { type Doer } from '../../platform/doer.ts'
import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import {
  endLinksOf,
  type Accounts,
  makeLink,
  NO_PASSWORD,
  removeSecondFactor,
  type LinkPurpose,
} from '../accounts/index.ts'
import { giveBackAll } from '../routing/index.ts'
import { orTaken } from './or-taken.ts'
import { changeRights, requireAnotherAdmin } from './rights.ts'

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

    /** @throws Failure `taken`, `not_found` */
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

    /** @throws Failure `not_found`, `last_admin` */
    setRole: (userId: string, role: Role, by: Doer): Promise<void> =>
      changeRights(services, userId, async (tx, before) => {
        if (before.role === role) return
        if (role !== 'admin') await requireAnotherAdmin(tx, userId)
        await tx.run(sql`UPDATE users SET role = ${role} WHERE id = ${userId}`)
        audit.record(tx, by, {
          action: 'person.role_changed',
          target: person(userId),
          before: { role: before.role },
          after: { role },
        })
      }),

    /** @throws Failure `not_found` */
    setTeams: (userId: string, teamIds: string[], by: Doer): Promise<void> =>
      changeRights(services, userId, async (tx, before) => {
        const wanted = [...new Set(teamIds)].toSorted()
        if (wanted.join() === before.team_ids.join()) return
        await requireTeams(tx, wanted)
        await replaceTeams(tx, userId, wanted)
        audit.record(tx, by, {
          action: 'person.teams_changed',
          target: person(userId),
          before: { teamIds: before.team_ids },
          after: { teamIds: wanted },
        })
      }),

    /**
     * Switching somebody off ends their sessions and gives back all that they have, in one transaction.
     * @throws Failure `not_found`, `last_admin`
     */
    setActive: (userId: string, isActive: boolean, by: Doer): Promise<void> =>
      changeRights(services, userId, async (tx, before) => {
        if (!isActive) await requireAnotherAdmin(tx, userId)
        await tx.run(sql`UPDATE users SET is_active = ${isActive} WHERE id = ${userId}`)
        if (before.is_active !== isActive) {
          const action = isActive ? 'person.activated' : 'person.deactivated'
          audit.record(tx, by, { action, target: person(userId) })
        }
        if (isActive) return
        await endLinksOf(tx, userId)
        await sessions.end(tx, { userId }, 'deactivated')
        await giveBackAll(services, tx, userId)
      }),

    /** For who has lost authenticator and codes. Their sessions end: it may not be them who asks. */
    removeSecondFactor: (userId: string, by: Doer): Promise<void> =>
      db.transaction(async (tx) => {
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

/** @throws Failure `not_found` */
async function requireTeams(tx: Transaction, teamIds: readonly string[]): Promise<void> {
  const { known } = await tx.one<{ known: number }>(sql`
    SELECT COUNT(*)::int AS known FROM teams WHERE id = ANY(${teamIds}::uuid[])`)
  if (known !== new Set(teamIds).size) throw new Failure('not_found', { what: 'team' })
}

async function replaceTeams(tx: Transaction, userId: string, teamIds: string[]): Promise<void> {
  await tx.run(sql`
    DELETE FROM team_memberships WHERE user_id = ${userId} AND team_id <> ALL(${teamIds}::uuid[])`)
  await tx.run(sql`
    INSERT INTO team_memberships (id, user_id, team_id)
    SELECT new_id(), ${userId}, t.id FROM teams t WHERE t.id = ANY(${teamIds}::uuid[])
    ON CONFLICT (user_id, team_id) DO NOTHING`)
}
