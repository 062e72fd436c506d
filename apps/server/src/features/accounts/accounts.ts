import { type KeyObject } from 'node:crypto'

import {
  isServedProtocolVersion,
  PROTOCOL_VERSION,
  type SignInOutput,
  type Tokens,
} from '@parley/contracts'
import { type Role } from '@parley/domain'
import { hash, verify } from '@node-rs/argon2'

import { databaseNow, type Queryable, type Transaction } from '../../platform/database.ts'
import { sessionEnded } from '../../platform/actor.ts'
import { Failure } from '../../platform/failure.ts'
import { FairShare } from '../../platform/fair-share.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { settleAlertsOf } from '../alerts/index.ts'
import { giveBackAll, lockPresence, withdrawOffersBeyond } from '../routing/index.ts'
import {
  endSession,
  endSessionsOf,
  findCredentials,
  hasOnly,
  findPerson,
  insertRefreshToken,
  insertSession,
  lockActiveAdmins,
  lockConversationsOf,
  lockRefreshToken,
  ownsSession,
  replaceTeams,
  rotateRefreshToken,
  touchSession,
  updateActive,
  updateRole,
} from './accounts.queries.ts'
import { createSignInThrottle } from './throttle.ts'
import {
  ACCESS_TOKEN_LIFETIME_MS,
  createRefreshToken,
  hashToken,
  signAccessToken,
  verifyAccessToken,
} from './tokens.ts'

/**
 * Passwords that are verified at once. Each takes a thread and 19 MB on purpose; threads are left for files and names,
 * and who comes beyond those that wait is asked to come again.
 */
const PASSWORDS_AT_ONCE = 2
const PASSWORDS_WAITING = 100

/** The previous refresh token stays good for this long, in case its answer was lost. */
const PREVIOUS_TOKEN_GRACE_MS = 60_000

export interface SignIn {
  email: string
  password: string
  device: { id: string; name: string; platform: string }
  protocolVersion: number
  address: string
}

export type Accounts = ReturnType<typeof createAccounts>

export function createAccounts(services: Services, accessTokenKey: KeyObject) {
  const { db, signals, clock } = services
  const throttle = createSignInThrottle(db.pool)
  const verifying = new FairShare({ atOnce: PASSWORDS_AT_ONCE, waiting: PASSWORDS_WAITING })
  // Verified for unknown people, too, so that the time taken does not tell who exists.
  const nobodysHash = hash('nobody has this password')

  async function issueTokens(
    tx: Transaction,
    sessionId: string,
    predecessor: Buffer | null,
  ): Promise<Tokens> {
    const refresh = createRefreshToken()
    await insertRefreshToken(tx, sessionId, refresh.hash, predecessor)
    const issuedAt = clock.now()
    const expiresAt = new Date(issuedAt.getTime() + ACCESS_TOKEN_LIFETIME_MS)
    return {
      accessToken: await signAccessToken(accessTokenKey, sessionId, issuedAt, expiresAt),
      accessExpiresAt: expiresAt.toISOString(),
      accessExpiresInSeconds: ACCESS_TOKEN_LIFETIME_MS / 1000,
      refreshToken: refresh.token,
    }
  }

  /** Tells every process to close what these sessions have open. */
  function announceEnd(sessionIds: string[]): void {
    for (const id of sessionIds) signals.send('sessions', id)
  }

  return {
    verifyAccessToken: (token: string) => verifyAccessToken(accessTokenKey, token, clock.now()),

    /** @throws Failure `protocol_mismatch`, `too_many_attempts`, `unauthenticated` */
    async signIn({
      email,
      password,
      device,
      protocolVersion,
      address,
    }: SignIn): Promise<SignInOutput> {
      if (!isServedProtocolVersion(protocolVersion)) {
        throw new Failure('protocol_mismatch', {
          server: PROTOCOL_VERSION,
          client: protocolVersion,
        })
      }
      await throttle.count(email, address)
      const credentials = await findCredentials(db, email)
      const hash = credentials?.password_hash ?? (await nobodysHash)
      const matches = await verifying.run('', () => verify(hash, password))
      if (!matches || !credentials?.is_active) throw new Failure('unauthenticated')
      await throttle.forget(email, address)
      return db.transaction(async (tx) => {
        const session = await insertSession(tx, { userId: credentials.id, device })
        const tokens = await issueTokens(tx, session.id, null)
        tx.afterCommit(() => announceEnd(session.replaced))
        return {
          tokens,
          sessionId: session.id,
          person: await findPerson(tx, credentials.id),
          email,
          serverTime: (await databaseNow(tx)).toISOString(),
        }
      })
    },

    /**
     * A token for the next one. Presenting a token whose successor was used means that somebody else has
     * it: the session ends.
     * @throws Failure `session_ended`
     */
    async refresh(token: string): Promise<Tokens> {
      const presented = hashToken(token)
      const result = await db.transaction(async (tx) => {
        const stored = await lockRefreshToken(tx, presented)
        if (stored === null) return new Failure('session_ended', { reason: null })
        if (stored.session_ended || !stored.user_active) return sessionEnded(tx, stored.session_id)
        const isStale =
          stored.rotated_ms_ago !== null && stored.rotated_ms_ago > PREVIOUS_TOKEN_GRACE_MS
        if (stored.is_retired || isStale) {
          const ended = await endSession(tx, stored.session_id, 'token_reused')
          tx.afterCommit(() => announceEnd(ended))
          // Returned and not thrown: the end of the session must be committed.
          return sessionEnded(tx, stored.session_id)
        }
        await rotateRefreshToken(tx, presented, stored.predecessor)
        await touchSession(tx, stored.session_id)
        return issueTokens(tx, stored.session_id, presented)
      })
      if (result instanceof Failure) throw result
      return result
    },

    async signOut(sessionId: string): Promise<void> {
      announceEnd(await endSession(db, sessionId, 'signed_out'))
    },

    /** One of the person's own sessions. */
    async revokeOwnSession(userId: string, sessionId: string): Promise<void> {
      if (!(await ownsSession(db, userId, sessionId))) throw new Failure('not_found')
      announceEnd(await endSession(db, sessionId, 'revoked'))
    },

    async revokeSessions(userId: string): Promise<void> {
      announceEnd(await endSessionsOf(db, userId, 'revoked'))
    },

    /** @throws Failure `not_found`, `last_admin` */
    setRole: (userId: string, role: Role) =>
      changeRights(services, userId, async (tx) => {
        if (role !== 'admin') await requireAnotherAdmin(tx, userId)
        await updateRole(tx, userId, role)
      }),

    /** @throws Failure `not_found` */
    setTeams: (userId: string, teamIds: string[]) =>
      changeRights(services, userId, (tx) => replaceTeams(tx, userId, teamIds)),

    /**
     * Switching somebody off ends their sessions and gives back all that they have, in one transaction.
     * @throws Failure `not_found`, `last_admin`
     */
    setActive: (userId: string, isActive: boolean) =>
      changeRights(services, userId, async (tx) => {
        if (!isActive) await requireAnotherAdmin(tx, userId)
        await updateActive(tx, userId, isActive)
        if (isActive) return
        const ended = await endSessionsOf(tx, userId, 'deactivated')
        await giveBackAll(services, tx, userId)
        tx.afterCommit(() => announceEnd(ended))
      }),
  }
}

/**
 * Changes what a person may do, with all that follows from it: what they were told and what they were offered ends
 * where it is beyond their reach. Conversations are locked before people, as everywhere.
 */
async function changeRights(
  services: Services,
  userId: string,
  change: (tx: Transaction) => Promise<void>,
): Promise<void> {
  const { db, signals } = services
  const attempt = (): Promise<boolean> =>
    db.transaction(async (tx) => {
      await requirePerson(tx, userId)
      const locked = await lockConversationsOf(tx, userId)
      await lockPresence(tx, [userId])
      if (!(await hasOnly(tx, userId, locked))) return false
      await change(tx)
      await settleAlertsOf(services, tx, userId)
      await withdrawOffersBeyond(tx, userId)
      tx.afterCommit(() => {
        signals.send('feed')
        signals.send('routing')
      })
      return true
    })
  // Given something in the moment before the lock, they begin again; with the lock nothing more is handed out to them.
  while (!(await attempt()));
}

/**
 * Of all active administrators' rows, locked, one at least is somebody else's: two who go at once follow each other.
 * @throws Failure `last_admin`
 */
async function requireAnotherAdmin(tx: Transaction, userId: string): Promise<void> {
  const admins = await lockActiveAdmins(tx)
  const isOne = admins.some(({ id }) => id === userId)
  if (isOne && admins.length === 1) throw new Failure('last_admin')
}

async function requirePerson(db: Queryable, userId: string): Promise<void> {
  const person = await db.maybe(sql`SELECT 1 FROM users WHERE id = ${userId}`)
  if (person === null) throw new Failure('not_found')
}
