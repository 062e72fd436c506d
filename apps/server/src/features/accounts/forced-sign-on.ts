import { type Queryable } from '../../platform/database.ts'
import { Failure } from '../../platform/failure.ts'
import { sql } from '../../platform/sql.ts'

/** Who alone says, for the company that an address is of, who somebody is. */
export interface ForcedProvider {
  providerId: string
  name: string
}

/** Null where a password lets people of this address in. */
export function findForcedProvider(db: Queryable, email: string): Promise<ForcedProvider | null> {
  return db.maybe(sql`
    SELECT p.id AS "providerId", p.name
    FROM sign_on_domains d JOIN identity_providers p ON p.id = d.provider_id
    WHERE d.domain = LOWER(SPLIT_PART(${email}, '@', 2)) AND p.is_active AND p.is_forced`)
}

/** Whom a password lets in all the same, for when the provider fails. */
export async function isBreakGlass(db: Queryable, userId: string): Promise<boolean> {
  const found = await db.maybe(sql`
    SELECT 1 FROM security_policy WHERE break_glass_user_id = ${userId}`)
  return found !== null
}

/**
 * A link to choose a password leads nowhere where no password lets anybody in.
 * @throws Failure `sign_on_required`
 */
export async function requireNoSignOn(
  db: Queryable,
  person: { user_id: string; email: string },
): Promise<void> {
  const forced = await findForcedProvider(db, person.email)
  if (forced === null || (await isBreakGlass(db, person.user_id))) return
  throw new Failure('sign_on_required', { ...forced })
}
