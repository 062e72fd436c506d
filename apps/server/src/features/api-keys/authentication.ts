import { timingSafeEqual } from 'node:crypto'

import { mayOwn, type ApiScope, type Role } from '@parley/domain'

import { type Doer } from '../../platform/doer.ts'
import { Failure } from '../../platform/failure.ts'
import { isIn, listOf } from '../../platform/network-addresses.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { TokenBuckets } from '../../platform/token-buckets.ts'
import { readKey } from './api-key.ts'

/** Wrong keys: of one address, and with one key's id. A right one is never barred by them. */
const WRONG_KEYS = { burst: 20, perSecond: 0.1 }
/** Refusals of a key that there is are told of once, and then once an hour. */
const TOLD = { burst: 1, perSecond: 1 / 3600 }
/** How long it is known which keys are alive, while somebody guesses: so seldom the database is asked for it. */
const LIVING_FOR_MS = 10_000
const NO_HASH = Buffer.alloc(32)

/** What of a request says whose it is. */
export interface KeyRequest {
  /** The header `authorization`. */
  authorization: string | undefined
  /** For limits and the log, and to the last bit. */
  address: string
  exactAddress: string
  requestId: string
}

/** On whose behalf, and how far: the owner's rights as they are now. */
export interface KeyHolder {
  keyId: string
  owner: { userId: string; role: Role; teamIds: string[] }
  by: Doer
}

interface KeyRecord {
  hash: Buffer
  scopes: ApiScope[]
  allowed_addresses: string[]
  is_revoked: boolean
  is_expired: boolean
  is_use_due: boolean
  owner_id: string
  is_active: boolean
  role: Role
  team_ids: string[]
}

export type KeyAuthentication = ReturnType<typeof createKeyAuthentication>

export function createKeyAuthentication({ db, audit, metrics }: Services) {
  const wrong = new TokenBuckets(WRONG_KEYS)
  const told = new TokenBuckets(TOLD)
  let living: { untilMs: number; hashes: Promise<Set<string>> } | null = null

  /**
   * Whose key a request bears, for something that asks for this scope.
   * @throws Failure `unauthenticated` for one that is none, expired or revoked, or whose owner is switched off;
   *   `forbidden` for another scope or address (reason), `too_many_attempts`
   */
  async function authenticate(request: KeyRequest, scope: ApiScope): Promise<KeyHolder> {
    const presented = readKey(/^Bearer (\S+)$/i.exec(request.authorization ?? '')?.[1] ?? '')
    if (presented === null) throw refusal(request, null)
    const { id, hash } = presented
    // Whoever guesses is not looked up for, and does not stand in the way of who has a key.
    if (waitOf(request, id) > 0 && !(await isLiving(hash))) throw refusal(request, id)
    const key = await db.maybe<KeyRecord>(sql`
      SELECT k.hash, k.scopes, k.allowed_addresses, k.revoked_at IS NOT NULL AS is_revoked,
             k.expires_at <= NOW() AS is_expired,
             COALESCE(k.last_used_at <= NOW() - INTERVAL '1 hour', TRUE) AS is_use_due,
             k.owner_id, u.is_active, u.role,
             ARRAY(SELECT m.team_id::text FROM team_memberships m WHERE m.user_id = u.id ORDER BY 1) AS team_ids
      FROM api_keys k JOIN users u ON u.id = k.owner_id WHERE k.id = ${id}`)
    if (!timingSafeEqual(hash, key?.hash ?? NO_HASH) || key === null) throw refusal(request, id)
    const reason = reasonAgainst(key, request, scope)
    if (reason !== null) {
      for (const counter of countersOf(request, id)) wrong.take(counter)
      await tell(request, id, reason)
      const isOver = reason === 'revoked' || reason === 'expired' || reason === 'owner'
      metrics.apiKeyRequests.inc({ outcome: reason })
      throw isOver ? new Failure('unauthenticated') : new Failure('forbidden', { reason })
    }
    if (key.is_use_due) {
      await db.run(
        sql`UPDATE api_keys SET last_used_at = date_trunc('hour', NOW()) WHERE id = ${id}`,
      )
    }
    metrics.apiKeyRequests.inc({ outcome: 'accepted' })
    return {
      keyId: id,
      owner: { userId: key.owner_id, role: key.role, teamIds: key.team_ids },
      by: doer(request, id, scope),
    }
  }

  const countersOf = ({ address }: KeyRequest, id: string | null): string[] =>
    id === null ? [`address ${address}`] : [`address ${address}`, `key ${id}`]

  function waitOf(request: KeyRequest, id: string): number {
    return Math.max(...countersOf(request, id).map((counter) => wrong.wait(counter)))
  }

  /** Counts it. */
  function refusal(request: KeyRequest, id: string | null): Failure {
    const retryAfterMs = Math.max(...countersOf(request, id).map((counter) => wrong.take(counter)))
    metrics.apiKeyRequests.inc({ outcome: retryAfterMs > 0 ? 'throttled' : 'unknown' })
    return retryAfterMs > 0
      ? new Failure('too_many_attempts', { retryAfterMs })
      : new Failure('unauthenticated')
  }

  /** Asked where somebody guesses, and of a process that has just begun as of any other. */
  async function isLiving(hash: Buffer): Promise<boolean> {
    const nowMs = performance.now()
    if (living === null || living.untilMs <= nowMs) {
      living = { untilMs: nowMs + LIVING_FOR_MS, hashes: readLiving() }
    }
    return (await living.hashes).has(hash.toString('hex'))
  }

  async function readLiving(): Promise<Set<string>> {
    try {
      const keys = await db.many<{ hash: Buffer }>(sql`
        SELECT hash FROM api_keys WHERE revoked_at IS NULL AND expires_at > NOW()`)
      return new Set(keys.map(({ hash }) => hash.toString('hex')))
    } catch (error) {
      living = null
      throw error
    }
  }

  async function tell(request: KeyRequest, id: string, reason: string): Promise<void> {
    if (told.take(`${id} ${reason}`) > 0) return
    await db.transaction(async (tx) =>
      audit.record(tx, doer(request, id, null), {
        action: 'api_key.refused',
        target: { kind: 'api_key', id },
        after: { reason },
      }),
    )
  }

  return authenticate
}

type Reason = 'revoked' | 'expired' | 'owner' | 'address' | 'scope'

function reasonAgainst(key: KeyRecord, request: KeyRequest, scope: ApiScope): Reason | null {
  if (key.is_revoked) return 'revoked'
  if (key.is_expired) return 'expired'
  if (!key.is_active) return 'owner'
  const { allowed_addresses: allowed } = key
  if (allowed.length > 0 && !isIn(listOf(allowed), request.exactAddress)) return 'address'
  return key.scopes.includes(scope) && mayOwn(key.role, scope) ? null : 'scope'
}

function doer({ address, requestId }: KeyRequest, id: string, scope: ApiScope | null): Doer {
  const kind = scope === 'scim' ? 'scim' : 'api_key'
  return { kind, id, sessionId: null, address, requestId }
}
