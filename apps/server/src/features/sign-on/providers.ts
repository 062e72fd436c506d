import {
  type Provider,
  type ProviderSettings,
  type ProvidersOutput,
  provider as providerShape,
} from '@parley/contracts'
import { SIGN_ON_PATHS } from '@parley/domain'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { type Doer } from '../../platform/doer.ts'
import { Failure } from '../../platform/failure.ts'
import { orTaken } from '../../platform/or-taken.ts'
import { recordAs } from '../../platform/record-as.ts'
import { reseal, type Resealed, type Sealed } from '../../platform/reseal.ts'
import { type Services } from '../../platform/services.ts'
import { fragment, sql } from '../../platform/sql.ts'
import { type Sessions } from '../accounts/index.ts'

/** A provider as it is asked: its settings, and the secret in the clear. */
export interface KnownProvider extends ProviderSettings {
  id: string
  version: number
  clientSecret: string | null
}

/** Of who signed in by a provider. */
type EndSessions = (tx: Transaction) => Promise<unknown>

const toProvider = recordAs(providerShape)

const SETTINGS = fragment`
  p.id, p.version, p.name, p.issuer, p.client_id, p.is_active, p.is_forced, p.trusts_email, p.creates_people,
  p.default_role, p.groups_claim,
  ARRAY(SELECT d.domain FROM sign_on_domains d WHERE d.provider_id = p.id ORDER BY 1) AS domains,
  p.client_secret IS NOT NULL AS has_secret`

export async function listProviders(db: Queryable, publicUrl: string): Promise<ProvidersOutput> {
  const records = await db.many<object>(sql`
    SELECT ${SETTINGS},
           (SELECT COUNT(*) FROM user_identities i WHERE i.provider_id = p.id) AS people
    FROM identity_providers p ORDER BY LOWER(p.name), p.id`)
  const { break_glass_user_id: breakGlassUserId } = await db.one<{
    break_glass_user_id: string | null
  }>(sql`SELECT break_glass_user_id FROM security_policy`)
  return {
    providers: records.map(toProvider),
    callbackUrl: `${publicUrl}${SIGN_ON_PATHS.callback}`,
    logoutUrl: `${publicUrl}${SIGN_ON_PATHS.logout}`,
    breakGlassUserId,
  }
}

/** What a sign-in form offers. */
export function activeProviders(db: Queryable): Promise<{ id: string; name: string }[]> {
  return db.many(sql`
    SELECT id, name FROM identity_providers WHERE is_active ORDER BY LOWER(name), id`)
}

/** Null where there is none that lets anybody in. */
export async function findActiveProvider(
  services: Pick<Services, 'db' | 'secrets'>,
  id: string,
): Promise<KnownProvider | null> {
  const provider = await findProvider(services, { id })
  return provider?.isActive === true ? provider : null
}

/**
 * Also one that is switched off: before it is switched on it is checked, and of those whom it let in it may still say
 * that they signed out.
 */
export async function findProvider(
  { db, secrets }: Pick<Services, 'db' | 'secrets'>,
  by: { id: string } | { issuer: string },
): Promise<KnownProvider | null> {
  const which = 'id' in by ? fragment`p.id = ${by.id}` : fragment`p.issuer = ${by.issuer}`
  const record = await db.maybe<{ client_secret: Buffer | null; key_id: string }>(sql`
    SELECT ${SETTINGS}, 0 AS people, p.client_secret, p.key_id
    FROM identity_providers p WHERE ${which}`)
  if (record === null) return null
  const { client_secret: sealed, key_id: keyId, ...rest } = record
  return {
    ...toProvider(rest),
    clientSecret: sealed === null ? null : secrets.decrypt(sealed, keyId),
  }
}

/** Whether it still is as it was when it was asked, and until the transaction is over. */
export async function isAsAsked(tx: Transaction, { id, version }: KnownProvider): Promise<boolean> {
  const same = await tx.maybe(sql`
    SELECT 1 FROM identity_providers WHERE id = ${id} AND version = ${version} FOR SHARE`)
  return same !== null
}

/**
 * With another issuer it is another provider: its subjects are other people, so that nobody is known by one, and who
 * signed in by the one before signs in again.
 * @throws Failure `taken`, `conflict`, `required`
 */
export async function saveProvider(
  { db, audit, secrets }: Services,
  by: Doer,
  {
    id,
    basedOn,
    settings,
    clientSecret,
  }: {
    id: string
    basedOn: number | null
    settings: ProviderSettings
    clientSecret: string | null
  },
  endSessions: EndSessions,
): Promise<void> {
  await db.transaction(async (tx) => {
    const before = await lockProvider(tx, id)
    if ((before?.version ?? null) !== basedOn) throw new Failure('conflict')
    if (settings.isForced && settings.isActive) await requireBreakGlass(tx)
    await orTaken('issuer', () => write(tx, id, settings))
    if (clientSecret !== null) {
      const sealed = clientSecret === '' ? null : secrets.encrypt(clientSecret)
      await tx.run(sql`
        UPDATE identity_providers SET client_secret = ${sealed}, key_id = ${secrets.keyId} WHERE id = ${id}`)
    }
    await replaceDomains(tx, id, settings.domains)
    if (before !== null && before.issuer !== settings.issuer) {
      await endSessions(tx)
      await tx.run(sql`DELETE FROM sign_on_tickets WHERE provider_id = ${id}`)
      await tx.run(sql`DELETE FROM user_identities WHERE provider_id = ${id}`)
    }
    const target = { kind: 'identity_provider', id } as const
    const after = { ...settings, domains: [...new Set(settings.domains)].toSorted() }
    if (before === null) {
      audit.record(tx, by, { action: 'sign_on.provider_created', target, after })
      return
    }
    // That a secret was changed is told, and nothing of it.
    const secretChanges = clientSecret === null ? 0 : 1
    audit.record(tx, by, {
      action: 'sign_on.provider_changed',
      target,
      before: { ...settingsOf(before), secretChanges: 0 },
      after: { ...after, secretChanges },
    })
  })
}

/** Who signed in by it has to sign in again, in whatever way is left. @throws Failure `not_found` */
export async function removeProvider(
  { db, audit }: Services,
  by: Doer,
  id: string,
  endSessions: EndSessions,
): Promise<void> {
  await db.transaction(async (tx) => {
    const before = await lockProvider(tx, id)
    if (before === null) throw new Failure('not_found')
    await endSessions(tx)
    await tx.run(sql`DELETE FROM identity_providers WHERE id = ${id}`)
    audit.record(tx, by, {
      action: 'sign_on.provider_removed',
      target: { kind: 'identity_provider', id },
      before: settingsOf(before),
    })
  })
}

export function endSessionsOf({ end }: Pick<Sessions, 'end'>, providerId: string): EndSessions {
  return (tx) => end(tx, { providerId, subject: null, providerSession: null }, 'provider_ended')
}

/** @throws Failure `required` */
export async function setBreakGlass(
  { db, audit }: Services,
  by: Doer,
  userId: string | null,
): Promise<void> {
  await db.transaction(async (tx) => {
    const { break_glass_user_id: before } = await tx.one<{ break_glass_user_id: string | null }>(
      sql`SELECT break_glass_user_id FROM security_policy FOR UPDATE`,
    )
    if (userId === null) await requireNothingForced(tx)
    else await requireFit(tx, userId)
    await tx.run(sql`UPDATE security_policy SET break_glass_user_id = ${userId}`)
    audit.record(tx, by, {
      action: 'sign_on.break_glass_chosen',
      before: { userId: before },
      after: { userId },
    })
  })
}

/** Who comes next by single sign-on with their address is theirs. @throws Failure `not_found` */
export async function unlink(
  { db, audit }: Services,
  { end }: Pick<Sessions, 'end'>,
  by: Doer,
  userId: string,
): Promise<void> {
  await db.transaction(async (tx) => {
    const removed = await tx.run(sql`DELETE FROM user_identities WHERE user_id = ${userId}`)
    if (removed === 0) throw new Failure('not_found')
    // Who came by it may not be them any more.
    await tx.run(sql`DELETE FROM sign_on_tickets WHERE user_id = ${userId}`)
    await end(tx, { userId }, 'provider_ended')
    audit.record(tx, by, { action: 'person.unlinked', target: { kind: 'person', id: userId } })
  })
}

async function lockProvider(tx: Transaction, id: string): Promise<Provider | null> {
  // Two who save at once, also two of which each is new, follow each other: a domain is one provider's.
  await tx.run(sql`SELECT 1 FROM security_policy FOR UPDATE`)
  const record = await tx.maybe<object>(sql`
    SELECT ${SETTINGS}, 0 AS people FROM identity_providers p WHERE p.id = ${id} FOR UPDATE`)
  return record === null ? null : toProvider(record)
}

async function write(tx: Transaction, id: string, settings: ProviderSettings): Promise<void> {
  await tx.run(sql`
    INSERT INTO identity_providers (id, name, issuer, client_id, is_active, is_forced, trusts_email, creates_people,
                                    default_role, groups_claim)
    VALUES (${id}, ${settings.name}, ${settings.issuer}, ${settings.clientId}, ${settings.isActive},
            ${settings.isForced}, ${settings.trustsEmail}, ${settings.createsPeople}, ${settings.defaultRole},
            ${settings.groupsClaim})
    ON CONFLICT (id) DO UPDATE SET
      version = identity_providers.version + 1, name = EXCLUDED.name, issuer = EXCLUDED.issuer,
      client_id = EXCLUDED.client_id, is_active = EXCLUDED.is_active, is_forced = EXCLUDED.is_forced,
      trusts_email = EXCLUDED.trusts_email, creates_people = EXCLUDED.creates_people,
      default_role = EXCLUDED.default_role, groups_claim = EXCLUDED.groups_claim`)
}

async function replaceDomains(
  tx: Transaction,
  id: string,
  domains: readonly string[],
): Promise<void> {
  await tx.run(sql`DELETE FROM sign_on_domains WHERE provider_id = ${id}`)
  const wanted = [...new Set(domains)]
  const written = await tx.run(sql`
    INSERT INTO sign_on_domains (domain, provider_id)
    SELECT d, ${id}::uuid FROM UNNEST(${wanted}::text[]) d ON CONFLICT DO NOTHING`)
  if (written < wanted.length) throw new Failure('taken', { what: 'domain' })
}

async function requireBreakGlass(tx: Transaction): Promise<void> {
  const chosen = await tx.maybe(
    sql`SELECT 1 FROM security_policy WHERE break_glass_user_id IS NOT NULL`,
  )
  if (chosen === null) throw new Failure('required', { what: 'break_glass' })
}

async function requireNothingForced(tx: Transaction): Promise<void> {
  const forced = await tx.maybe(
    sql`SELECT 1 FROM identity_providers WHERE is_forced AND is_active LIMIT 1`,
  )
  if (forced !== null) throw new Failure('required', { what: 'break_glass' })
}

/** An administrator with a password and a second factor that they have shown to have. */
async function requireFit(tx: Transaction, userId: string): Promise<void> {
  const person = await tx.maybe<{ is_admin: boolean; has_factor: boolean }>(sql`
    SELECT u.role = 'admin' AND u.is_active AND u.password_hash <> '*' AS is_admin,
           EXISTS (SELECT FROM second_factors f
                   WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL) AS has_factor
    FROM users u WHERE u.id = ${userId} FOR NO KEY UPDATE OF u`)
  if (!person?.is_admin) throw new Failure('required', { what: 'admin' })
  if (!person.has_factor) throw new Failure('required', { what: 'second_factor' })
}

function settingsOf({
  id: _id,
  version: _version,
  hasSecret: _hasSecret,
  people: _people,
  ...settings
}: Provider): ProviderSettings {
  return settings
}

/** Clients' secrets that another key has sealed. */
export async function resealProviders(services: Services): Promise<Resealed> {
  const { db, secrets } = services
  const rows = await db.many<Sealed & { id: string }>(sql`
    SELECT id, client_secret AS sealed, key_id FROM identity_providers
    WHERE client_secret IS NOT NULL AND key_id <> ${secrets.keyId}`)
  return reseal(services, rows, (row, sealed) =>
    db.run(sql`
      UPDATE identity_providers SET client_secret = ${sealed}, key_id = ${secrets.keyId}
      WHERE id = ${row.id} AND client_secret = ${row.sealed}`),
  )
}
