import { type SecurityPolicy } from '@parley/contracts'
import { type Role } from '@parley/domain'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { type Doer } from '../../platform/doer.ts'
import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { isBreakGlass } from './forced-sign-on.ts'

interface PolicyRecord {
  version: number
  session_idle_minutes: number
  session_lifetime_minutes: number
  password_min_length: number
  second_factor_roles: Role[]
}

/** What holds for all accounts; asked anew each time, since it is one row. */
export async function readPolicy(
  db: Queryable,
): Promise<{ version: number; policy: SecurityPolicy }> {
  return toPolicy(await db.one<PolicyRecord>(sql`SELECT * FROM security_policy`))
}

/** By their role, or because a password lets them in where it lets nobody else in. */
export async function isSecondFactorRequired(
  db: Queryable,
  { id, role }: { id: string; role: Role },
): Promise<boolean> {
  const { policy } = await readPolicy(db)
  return policy.secondFactorRoles.includes(role) || (await isBreakGlass(db, id))
}

/** Sessions that it ends by being stricter are over at once. @throws Failure `conflict` */
export async function savePolicy(
  { db, audit }: Services,
  by: Doer,
  { policy, basedOn }: { policy: SecurityPolicy; basedOn: number },
): Promise<{ version: number; policy: SecurityPolicy }> {
  return db.transaction(async (tx) => {
    const before = toPolicy(await lockPolicy(tx))
    if (before.version !== basedOn) throw new Failure('conflict')
    const after = await tx.one<PolicyRecord>(sql`
      UPDATE security_policy SET version = version + 1,
        session_idle_minutes = ${policy.sessionIdleMinutes},
        session_lifetime_minutes = ${policy.sessionLifetimeMinutes},
        password_min_length = ${policy.passwordMinLength},
        second_factor_roles = ${policy.secondFactorRoles}
      RETURNING *`)
    audit.record(tx, by, {
      action: 'security.policy_changed',
      before: before.policy,
      after: policy,
    })
    return toPolicy(after)
  })
}

function lockPolicy(tx: Transaction): Promise<PolicyRecord> {
  return tx.one(sql`SELECT * FROM security_policy FOR UPDATE`)
}

function toPolicy(record: PolicyRecord): { version: number; policy: SecurityPolicy } {
  return {
    version: record.version,
    policy: {
      sessionIdleMinutes: record.session_idle_minutes,
      sessionLifetimeMinutes: record.session_lifetime_minutes,
      passwordMinLength: record.password_min_length,
      secondFactorRoles: record.second_factor_roles,
    },
  }
}
