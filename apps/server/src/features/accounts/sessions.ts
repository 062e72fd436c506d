import { type KeyObject } from 'node:crypto'

import { type Tokens } from '@parley/contracts'

import { sessionEnded } from '../../platform/actor.ts'
import { type Transaction } from '../../platform/database.ts'
import { type Doer } from '../../platform/doer.ts'
import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import {
  endExpiredSessions,
  endSessionRows,
  insertRefreshToken,
  lockRefreshToken,
  rotateRefreshToken,
  touchSession,
  type Ended,
  type SessionEnd,
  type WhichSessions,
} from './sessions.queries.ts'
import {
  ACCESS_TOKEN_LIFETIME_MS,
  createRefreshToken,
  hashToken,
  signAccessToken,
  verifyAccessToken,
} from './tokens.ts'

/** The previous refresh token stays good for this long, in case its answer was lost. */
const PREVIOUS_TOKEN_GRACE_MS = 60_000

export type Sessions = ReturnType<typeof createSessions>

/** How sessions go on and end; signing in begins them. */
export function createSessions({ db, signals, clock, audit, secrets }: Services) {
  const { accessTokenKeys } = secrets
  const [signingKey] = accessTokenKeys as [KeyObject]

  /** @param predecessor the refresh token that these take the place of */
  async function issueTokens(
    tx: Transaction,
    sessionId: string,
    predecessor: Buffer | null,
  ): Promise<Tokens> {
    const refresh = createRefreshToken()
    const endsAt = await insertRefreshToken(tx, sessionId, refresh.hash, predecessor)
    const issuedAt = clock.now()
    const expiresAt = new Date(issuedAt.getTime() + ACCESS_TOKEN_LIFETIME_MS)
    return {
      accessToken: await signAccessToken(signingKey, sessionId, issuedAt, expiresAt),
      accessExpiresAt: expiresAt.toISOString(),
      accessExpiresInSeconds: ACCESS_TOKEN_LIFETIME_MS / 1000,
      refreshToken: refresh.token,
      sessionEndsAt: endsAt.toISOString(),
    }
  }

  /** Every process closes what these sessions have open once it is committed. */
  async function end(tx: Transaction, which: WhichSessions, reason: SessionEnd): Promise<Ended[]> {
    const ended = await endSessionRows(tx, which, reason)
    tx.afterCommit(() => announce(ended))
    return ended
  }

  function announce(ended: Ended[]): void {
    for (const { id } of ended) signals.send('sessions', id)
  }

  return {
    verifyAccessToken: (token: string) => verifyAccessToken(accessTokenKeys, token, clock.now()),
    issueTokens,
    end,

    /**
     * A token for the next one. Presenting a token whose successor was used means that somebody else has
     * it: the session ends.
     * @throws Failure `session_ended`
     */
    async refresh(token: string, by: Doer): Promise<Tokens> {
      const presented = hashToken(token)
      const result = await db.transaction(async (tx) => {
        const stored = await lockRefreshToken(tx, presented)
        if (stored === null) return new Failure('session_ended', { reason: null })
        const { session_id: sessionId, user_id: userId } = stored
        if (stored.session_ended || !stored.user_active) return sessionEnded(tx, sessionId)
        // Returned and not thrown, here and below: the end of the session must be committed.
        if (stored.is_expired) {
          await end(tx, { sessionId }, 'expired')
          return sessionEnded(tx, sessionId)
        }
        const isStale =
          stored.rotated_ms_ago !== null && stored.rotated_ms_ago > PREVIOUS_TOKEN_GRACE_MS
        if (stored.is_retired || isStale) {
          await end(tx, { sessionId }, 'token_reused')
          audit.record(
            tx,
            { ...by, sessionId },
            { action: 'session.token_reused', target: { kind: 'person', id: userId } },
          )
          return sessionEnded(tx, sessionId)
        }
        await rotateRefreshToken(tx, presented, stored.predecessor)
        await touchSession(tx, sessionId, by.address)
        return issueTokens(tx, sessionId, presented)
      })
      if (result instanceof Failure) throw result
      return result
    },

    /** One's own, by oneself. */
    signOut: (sessionId: string, by: Doer): Promise<void> =>
      db.transaction(async (tx) => {
        const [ended] = await end(tx, { sessionId }, 'signed_out')
        if (ended === undefined) return
        audit.record(tx, by, { action: 'session.signed_out' })
      }),

    /**
     * @param ownedBy whose it has to be; null: anybody's
     * @throws Failure `not_found`
     */
    revoke: (sessionId: string, ownedBy: string | null, by: Doer): Promise<void> =>
      db.transaction(async (tx) => {
        const which = ownedBy === null ? { sessionId } : { sessionId, userId: ownedBy }
        const [ended] = await end(tx, which, 'revoked')
        if (ended === undefined) throw new Failure('not_found')
        recordRevoked(tx, by, ended.user_id, 1)
      }),

    /** All of a person's. */
    revokeAll: (userId: string, by: Doer): Promise<void> =>
      db.transaction(async (tx) => {
        const ended = await end(tx, { userId }, 'revoked')
        if (ended.length > 0) recordRevoked(tx, by, userId, ended.length)
      }),

    /** Those whose time is over, so that what they have open is closed though nobody asks anything. */
    async endExpired(): Promise<void> {
      announce(await endExpiredSessions(db))
    },
  }

  function recordRevoked(tx: Transaction, by: Doer, userId: string, sessions: number): void {
    audit.record(tx, by, {
      action: 'session.revoked',
      target: { kind: 'person', id: userId },
      after: { sessions },
    })
  }
}
