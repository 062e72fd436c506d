import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

import { type AuditLog } from '../../platform/audit-log.ts'
import { type Queryable, type Transaction } from '../../platform/database.ts'
import { type Doer } from '../../platform/doer.ts'
import { type Secrets } from '../../platform/secrets.ts'
import { sql } from '../../platform/sql.ts'
import { hashToken, type SignedOn } from '../accounts/index.ts'

/** For a password, a second factor, and whatever else a provider asks. */
const ATTEMPT_MINUTES = 10
/** The browser hands it to a program on the same machine. */
const TICKET_SECONDS = 60

/** Where a workstation waits, and what only it can answer to. */
export interface Waiting {
  /** SHA-256 of its verifier. */
  challenge: Buffer
  /** On 127.0.0.1 of its own machine. */
  port: number
}

/** Between a browser's leaving for the provider and its coming back. */
export interface Attempt extends Waiting {
  providerId: string
  nonce: string
  verifier: string
}

/** What goes along with the browser, each of it by a way of its own. */
export interface Leaving {
  /** By the provider. */
  state: string
  nonce: string
  /** Of the server's own verifier, which stays here. */
  challenge: string
  /** By the browser's cookie. */
  browser: string
}

const random = (): string => randomBytes(32).toString('base64url')

export async function beginAttempt(
  db: Queryable,
  secrets: Secrets,
  providerId: string,
  { challenge, port }: Waiting,
): Promise<Leaving> {
  const [state, browser, nonce, verifier] = [random(), random(), random(), random()]
  await forgetWhatIsOver(db)
  await db.run(sql`
    INSERT INTO sign_on_attempts (state_hash, provider_id, browser_hash, nonce, verifier, key_id, challenge, port,
                                  expires_at)
    VALUES (${hashToken(state)}, ${providerId}, ${hashToken(browser)}, ${nonce}, ${secrets.encrypt(verifier)},
            ${secrets.keyId}, ${challenge}, ${port}, NOW() + make_interval(mins => ${ATTEMPT_MINUTES}))`)
  const own = createHash('sha256').update(verifier).digest('base64url')
  return { state, nonce, challenge: own, browser }
}

/** The attempt that this is of, once. Of another browser, or too late, it is none, and is over all the same. */
export async function takeAttempt(
  db: Queryable,
  secrets: Secrets,
  { state, browser }: { state: string; browser: string },
): Promise<Attempt | null> {
  const taken = await db.maybe<{
    provider_id: string
    browser_hash: Buffer
    nonce: string
    verifier: Buffer
    key_id: string
    challenge: Buffer
    port: number
    is_over: boolean
  }>(sql`
    DELETE FROM sign_on_attempts WHERE state_hash = ${hashToken(state)}
    RETURNING provider_id, browser_hash, nonce, verifier, key_id, challenge, port, expires_at <= NOW() AS is_over`)
  if (taken === null || taken.is_over) return null
  if (!timingSafeEqual(taken.browser_hash, hashToken(browser))) return null
  return {
    providerId: taken.provider_id,
    nonce: taken.nonce,
    verifier: secrets.decrypt(taken.verifier, taken.key_id),
    challenge: taken.challenge,
    port: taken.port,
  }
}

/** Somebody came back, and is who the provider says. @returns what lets the waiting workstation in */
export async function writeTicket(
  tx: Transaction,
  { challenge }: Waiting,
  { userId, provider }: SignedOn,
  signedOnAt: Date,
): Promise<string> {
  const ticket = random()
  await tx.run(sql`
    INSERT INTO sign_on_tickets (hash, challenge, user_id, provider_id, subject, provider_session, signed_on_at,
                                 expires_at)
    VALUES (${hashToken(ticket)}, ${challenge}, ${userId}, ${provider.id}, ${provider.subject}, ${provider.session},
            ${signedOnAt.toISOString()}, NOW() + make_interval(secs => ${TICKET_SECONDS}))`)
  return ticket
}

/**
 * Whom it lets in, once. Whoever shows it without the verifier spends it, gets nothing, and is written down: it was on
 * its way to somebody else. Null, too, where the provider has meanwhile said that this is over.
 */
export async function takeTicket(
  audit: AuditLog,
  tx: Transaction,
  { ticket, verifier }: { ticket: string; verifier: string },
  by: Doer,
): Promise<SignedOn | null> {
  // A logout that is just being heard is seen, or waits until this session is there to be ended.
  await tx.run(sql`
    SELECT 1 FROM sign_on_tickets t JOIN identity_providers p ON p.id = t.provider_id
    WHERE t.hash = ${hashToken(ticket)} FOR SHARE OF p`)
  const taken = await tx.maybe<{
    challenge: Buffer
    user_id: string
    provider_id: string
    name: string
    subject: string
    provider_session: string | null
    is_over: boolean
  }>(sql`
    DELETE FROM sign_on_tickets t USING identity_providers p
    WHERE t.hash = ${hashToken(ticket)} AND p.id = t.provider_id
    RETURNING t.challenge, t.user_id, t.provider_id, p.name, t.subject, t.provider_session,
      t.expires_at <= NOW() OR NOT p.is_active OR EXISTS (
        SELECT FROM provider_logouts l
        WHERE l.provider_id = t.provider_id AND l.said_at >= t.signed_on_at - INTERVAL '1 second'
          AND (l.subject IS NULL OR l.subject = t.subject)
          AND (l.provider_session IS NULL OR l.provider_session = t.provider_session)) AS is_over`)
  if (taken === null || taken.is_over) return null
  const { user_id: userId, provider_id: id, name, subject, provider_session: session } = taken
  if (!timingSafeEqual(taken.challenge, hashToken(verifier))) {
    audit.record(tx, by, {
      action: 'session.sign_on_failed',
      target: { kind: 'person', id: userId },
      after: { reason: 'wrong_verifier' },
    })
    return null
  }
  return { userId, provider: { id, name, subject, session } }
}

/** Few at a time come by here, and what is over has no other end. */
async function forgetWhatIsOver(db: Queryable): Promise<void> {
  await db.run(sql`DELETE FROM sign_on_attempts WHERE expires_at <= NOW()`)
  await db.run(sql`DELETE FROM sign_on_tickets WHERE expires_at <= NOW()`)
  await db.run(sql`DELETE FROM provider_logouts WHERE expires_at <= NOW()`)
}
