import { type Role, type SignOnProblem } from '@parley/domain'
import { z } from 'zod'

import { type Transaction } from '../../platform/database.ts'
import { type Doer } from '../../platform/doer.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { isBreakGlass, NO_PASSWORD } from '../accounts/index.ts'
import { isAsAsked, type KnownProvider } from './providers.ts'

/** Single sign-on came to nothing, and the person is told why. */
export class NotSignedOn extends Error {
  override name = 'NotSignedOn'
  readonly problem: SignOnProblem

  constructor(problem: SignOnProblem, options?: ErrorOptions) {
    super(problem, options)
    this.problem = problem
  }
}

/** More than any directory says of a person, and a bound all the same. */
const MOST_GROUPS = 2_000

/** The end of the year 9999: beyond it a time is none for the database. */
const LATEST_SECONDS = 253_402_300_799
/** What a provider calls something by, as the database can hold it. */
export const storable = z
  .string()
  .max(255)
  .regex(/^[^\0]*$/)

/** What a provider says of who came, as far as it is looked at. Their names are the provider's words, not ours. */
const claimsShape = z.object({
  sub: storable.min(1),
  iat: z.number().min(0).max(LATEST_SECONDS),
  sid: storable.optional(),
  email: z.string().max(255).optional(),
  email_verified: z.union([z.boolean(), z.stringbool()]).optional(),
  preferred_username: z.string().max(255).optional(),
  name: z.string().max(500).optional(),
})
export interface Came {
  subject: string
  signedOnAt: Date
  session: string | null
  /** Lower case; null where it names none that is one. */
  email: string | null
  isEmailVerified: boolean
  fullName: string | null
  /** Null where it says nothing of them, which is not "none". */
  groups: string[] | null
}

/** @throws NotSignedOn `not_valid` */
export function readClaims(provider: KnownProvider, claims: Record<string, unknown>): Came {
  const parsed = claimsShape.safeParse(claims)
  if (!parsed.success) throw new NotSignedOn('not_valid', { cause: parsed.error })
  const { sub, iat, sid, email, email_verified: isVerified, preferred_username, name } = parsed.data
  // Who says nothing of an address may call the account by it, as Entra does.
  const address = email ?? (provider.trustsEmail ? preferred_username : undefined)
  const known = z.email().max(255).safeParse(address?.trim().toLowerCase())
  return {
    subject: sub,
    signedOnAt: new Date(iat * 1000),
    session: sid ?? null,
    email: known.success ? known.data : null,
    isEmailVerified: isVerified === true || (isVerified === undefined && provider.trustsEmail),
    fullName: name?.replaceAll('\u0000', '').trim().slice(0, 255) || null,
    groups: readGroups(provider, claims),
  }
}

function readGroups(
  { groupsClaim }: KnownProvider,
  claims: Record<string, unknown>,
): string[] | null {
  if (groupsClaim === null) return null
  const groups = z
    .array(z.string().max(255))
    .max(MOST_GROUPS)
    .or(
      z
        .string()
        .max(255)
        .transform((one) => [one]),
    )
    .safeParse(claims[groupsClaim])
  if (claims[groupsClaim] === undefined) return null
  // Said, and not to be read: yesterday's rights are not what it says.
  if (!groups.success) throw new NotSignedOn('not_valid', { cause: groups.error })
  return groups.data
}

/**
 * Who that is here, by the subject, which is nobody else's ever. The address speaks for them the first time only: it may
 * be somebody else's tomorrow.
 * @returns their id. @throws NotSignedOn
 */
export async function findWhoCame(
  services: Services,
  tx: Transaction,
  provider: KnownProvider,
  came: Came,
  by: Doer,
): Promise<string> {
  const { audit, signals } = services
  if (!(await isAsAsked(tx, provider))) throw new NotSignedOn('over')
  const linked = await tx.maybe<Known>(sql`
    SELECT u.id, u.is_active, u.full_name, u.managed_by FROM user_identities i JOIN users u ON u.id = i.user_id
    WHERE i.provider_id = ${provider.id} AND i.subject = ${came.subject}`)
  if (linked !== null) {
    if (!linked.is_active) throw new NotSignedOn('inactive')
    await followName(services, tx, linked, came, by)
    return linked.id
  }
  const email = requireOwnAddress(provider, came)
  // Of two browsers that come at once as the same stranger the second one waits here, and finds what the first one made.
  await tx.run(sql`SELECT pg_advisory_xact_lock(hashtextextended(${email}, 29))`)
  const person = await tx.maybe<Known & { is_linked: boolean }>(sql`
    SELECT u.id, u.is_active, u.full_name, u.managed_by,
           EXISTS (SELECT FROM user_identities i
                   WHERE i.user_id = u.id AND i.provider_id = ${provider.id} AND i.subject <> ${came.subject}) AS is_linked
    FROM users u WHERE LOWER(u.email) = ${email} FOR NO KEY UPDATE`)
  if (person?.is_linked) throw new NotSignedOn('linked_otherwise')
  if (person?.is_active === false) throw new NotSignedOn('inactive')
  if (person === null && !provider.createsPeople) throw new NotSignedOn('unknown_person')
  const id = person?.id ?? (await createPerson(tx, email, came.fullName, provider.defaultRole))
  const linkedNow = await tx.run(sql`
    INSERT INTO user_identities (provider_id, subject, user_id) VALUES (${provider.id}, ${came.subject}, ${id})
    ON CONFLICT DO NOTHING`)
  if (linkedNow === 0) {
    // Another browser has linked the subject since it was looked for: whoever that made of it, it is.
    const { user_id: linkedId } = await tx.one<{ user_id: string }>(sql`
      SELECT user_id FROM user_identities WHERE provider_id = ${provider.id} AND subject = ${came.subject}`)
    if (linkedId !== id) throw new NotSignedOn('linked_otherwise')
    return id
  }
  const target = { kind: 'person', id } as const
  if (person === null) {
    const after = { email, role: provider.defaultRole }
    audit.record(tx, by, { action: 'person.created_by_sign_on', target, after })
    tx.afterCommit(() => signals.send('feed'))
  }
  audit.record(tx, by, { action: 'person.linked', target, after: { provider: provider.name } })
  if (person !== null && provider.groupsClaim !== null)
    await manageFromNow(services, tx, person, by)
  return id
}

interface Known {
  id: string
  is_active: boolean
  full_name: string
  managed_by: string
}

/** Whose groups are looked at is the directory's from now on, but for who lets everybody in when that fails. */
async function manageFromNow(
  { audit }: Services,
  tx: Transaction,
  { id, managed_by: managedBy }: Known,
  by: Doer,
): Promise<void> {
  if (managedBy !== 'manual' || (await isBreakGlass(tx, id))) return
  await tx.run(sql`UPDATE users SET managed_by = 'sso' WHERE id = ${id}`)
  audit.record(tx, by, {
    action: 'person.changed',
    target: { kind: 'person', id },
    before: { managedBy },
    after: { managedBy: 'sso' },
  })
}

/** Who is managed by single sign-on is called as it says. */
async function followName(
  { audit, signals }: Services,
  tx: Transaction,
  { id, full_name: before, managed_by: managedBy }: Known,
  { fullName }: Came,
  by: Doer,
): Promise<void> {
  if (managedBy !== 'sso' || fullName === null || fullName === before) return
  await tx.run(sql`UPDATE users SET full_name = ${fullName} WHERE id = ${id}`)
  audit.record(tx, by, {
    action: 'person.changed',
    target: { kind: 'person', id },
    before: { fullName: before },
    after: { fullName },
  })
  tx.afterCommit(() => signals.send('feed'))
}

/** @throws NotSignedOn `email_unverified`, `other_domain` */
function requireOwnAddress(provider: KnownProvider, { email, isEmailVerified }: Came): string {
  if (email === null || !isEmailVerified) throw new NotSignedOn('email_unverified')
  const domain = email.slice(email.lastIndexOf('@') + 1)
  if (!provider.domains.includes(domain)) throw new NotSignedOn('other_domain')
  return email
}

async function createPerson(
  tx: Transaction,
  email: string,
  fullName: string | null,
  role: Role,
): Promise<string> {
  const { id } = await tx.one<{ id: string }>(sql`
    INSERT INTO users (id, email, password_hash, full_name, role, managed_by)
    VALUES (new_id(), ${email}, ${NO_PASSWORD}, ${fullName ?? email}, ${role}, 'sso') RETURNING id`)
  return id
}
