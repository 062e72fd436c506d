import { createHash, randomBytes } from 'node:crypto'

import { type SecondFactorSetup } from '@parley/contracts'
import { Secret, TOTP } from 'otpauth'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { reseal, type Resealed, type Sealed } from '../../platform/reseal.ts'
import { type Secrets } from '../../platform/secrets.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'

/** What authenticators take for granted (RFC 6238): six digits of SHA-1, for half a minute. */
const PERIOD_SECONDS = 30
const DIGITS = 6
const SECRET_BYTES = 20
/** A code of the half minute before or after counts: clocks differ, and people take time to type. */
const WINDOW_STEPS = 1
const RECOVERY_CODES = 10
/** So many that a plain hash keeps them: nobody tries 2^120. */
const RECOVERY_CODE_BYTES = 15

/** How a person showed that it is them, besides the password. */
export type Proof = 'code' | 'recovery_code'

/** Begins anew: shows what to put into an authenticator, which counts once a code of it came back. */
export async function setUpSecondFactor(
  tx: Transaction,
  secrets: Secrets,
  person: { id: string; email: string },
): Promise<SecondFactorSetup> {
  const secret = new Secret({ size: SECRET_BYTES })
  await tx.run(sql`
    INSERT INTO second_factors (user_id, secret, key_id)
    VALUES (${person.id}, ${secrets.encrypt(secret.base32)}, ${secrets.keyId})
    ON CONFLICT (user_id) DO UPDATE SET secret = EXCLUDED.secret, key_id = EXCLUDED.key_id, last_step = 0
    WHERE second_factors.confirmed_at IS NULL`)
  return { secret: secret.base32, uri: authenticator(secret.base32, person.email).toString() }
}

/**
 * Whether this is a code of theirs, which is then spent: shown a second time, or an older one after it, it is not.
 * @param of `confirmed`: a second factor that stands; `begun`: one that is being set up
 */
export async function takeCode(
  tx: Transaction,
  secrets: Secrets,
  userId: string,
  typed: string,
  of: 'confirmed' | 'begun',
): Promise<Proof | null> {
  const code = typed.replaceAll(/[\s-]/g, '').toUpperCase()
  if (/^\d{6}$/.test(code))
    return (await takeTimedCode(tx, secrets, userId, code, of)) ? 'code' : null
  if (of === 'begun') return null
  const spent = await tx.run(sql`
    UPDATE recovery_codes SET used_at = NOW()
    WHERE hash = ${hashOf(code)} AND user_id = ${userId} AND used_at IS NULL`)
  return spent > 0 ? 'recovery_code' : null
}

async function takeTimedCode(
  tx: Transaction,
  secrets: Secrets,
  userId: string,
  code: string,
  of: 'confirmed' | 'begun',
): Promise<boolean> {
  const factor = await tx.maybe<{
    secret: Buffer
    key_id: string
    last_step: string
    now: Date
  }>(sql`
    SELECT secret, key_id, last_step, clock_timestamp() AS now FROM second_factors
    WHERE user_id = ${userId} AND (confirmed_at IS NOT NULL) = ${of === 'confirmed'} FOR UPDATE`)
  if (factor === null) return false
  const timestamp = factor.now.getTime()
  const delta = authenticator(secrets.decrypt(factor.secret, factor.key_id), '').validate({
    token: code,
    timestamp,
    window: WINDOW_STEPS,
  })
  if (delta === null) return false
  const step = Math.floor(timestamp / 1000 / PERIOD_SECONDS) + delta
  if (step <= Number(factor.last_step)) return false
  await tx.run(sql`UPDATE second_factors SET last_step = ${step} WHERE user_id = ${userId}`)
  return true
}

/** From now on it is asked for. @returns codes for when the authenticator is lost, to be shown once */
export async function confirmSecondFactor(tx: Transaction, userId: string): Promise<string[]> {
  await tx.run(sql`UPDATE second_factors SET confirmed_at = NOW() WHERE user_id = ${userId}`)
  return renewRecoveryCodes(tx, userId)
}

/** Those from before are over. */
export async function renewRecoveryCodes(tx: Transaction, userId: string): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, () =>
    base32Of(randomBytes(RECOVERY_CODE_BYTES)),
  )
  await tx.run(sql`DELETE FROM recovery_codes WHERE user_id = ${userId}`)
  await tx.run(sql`
    INSERT INTO recovery_codes (hash, user_id) SELECT unnest(${codes.map(hashOf)}::bytea[]), ${userId}`)
  return codes.map((code) => (code.match(/.{4}/g) ?? []).join('-'))
}

/** @returns whether there was one */
export async function removeSecondFactor(tx: Transaction, userId: string): Promise<boolean> {
  await tx.run(sql`DELETE FROM recovery_codes WHERE user_id = ${userId}`)
  const removed = await tx.many<{ was_on: boolean }>(sql`
    DELETE FROM second_factors WHERE user_id = ${userId} RETURNING confirmed_at IS NOT NULL AS was_on`)
  return removed.some(({ was_on }) => was_on)
}

export function secondFactorOf(
  db: Queryable,
  userId: string,
): Promise<{ is_on: boolean; codes_left: number }> {
  return db.one(sql`
    SELECT EXISTS (SELECT FROM second_factors WHERE user_id = ${userId} AND confirmed_at IS NOT NULL) AS is_on,
           (SELECT COUNT(*)::int FROM recovery_codes WHERE user_id = ${userId} AND used_at IS NULL) AS codes_left`)
}

/** Whether something was shown to put into an authenticator, of which no code has come back yet. */
export async function hasBegunSecondFactor(db: Queryable, userId: string): Promise<boolean> {
  const begun = await db.maybe(sql`
    SELECT 1 AS begun FROM second_factors WHERE user_id = ${userId} AND confirmed_at IS NULL`)
  return begun !== null
}

function authenticator(base32: string, label: string): TOTP {
  return new TOTP({
    issuer: 'Parley',
    label,
    secret: Secret.fromBase32(base32),
    period: PERIOD_SECONDS,
    digits: DIGITS,
  })
}

function base32Of(bytes: Buffer): string {
  return new Secret({ buffer: new Uint8Array(bytes).buffer }).base32
}

function hashOf(code: string): Buffer {
  return createHash('sha256').update(code).digest()
}

/** Of those that another key has sealed. */
export async function resealSecondFactors(services: Services): Promise<Resealed> {
  const { db, secrets } = services
  const rows = await db.many<Sealed & { user_id: string }>(sql`
    SELECT user_id, secret AS sealed, key_id FROM second_factors WHERE key_id <> ${secrets.keyId}`)
  return reseal(services, rows, (row, sealed) =>
    db.run(sql`
      UPDATE second_factors SET secret = ${sealed}, key_id = ${secrets.keyId}
      WHERE user_id = ${row.user_id} AND secret = ${row.sealed}`),
  )
}
