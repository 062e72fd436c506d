import {
  apiKeySummary,
  type ApiKeySummary,
  type CreateApiKeyInput,
  type CreatedApiKey,
  type RotateApiKeyInput,
} from '@parley/contracts'
import { mayOwn, type ApiScope, type Role } from '@parley/domain'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { type Doer } from '../../platform/doer.ts'
import { Failure } from '../../platform/failure.ts'
import { isAddressOrNetwork } from '../../platform/network-addresses.ts'
import { recordAs } from '../../platform/record-as.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { endProblem } from '../problems/index.ts'
import { makeKey } from './api-key.ts'

/** Living ones, of the whole installation. */
const MOST_KEYS = 200
/** What has expired is still shown for so long, so that whoever asks why something stopped finds it. */
const SHOWN_AFTER_END_DAYS = 30

const toSummary = recordAs(apiKeySummary)
const target = (id: string) => ({ kind: 'api_key', id }) as const

export async function listApiKeys(db: Queryable): Promise<ApiKeySummary[]> {
  const records = await db.many<object>(sql`
    SELECT k.*, u.full_name AS owner_name, u.is_active AS is_owner_active,
           EXISTS (SELECT FROM api_keys next WHERE next.replaces = k.id) AS is_replaced
    FROM api_keys k JOIN users u ON u.id = k.owner_id
    WHERE k.revoked_at IS NULL AND k.expires_at > NOW() - make_interval(days => ${SHOWN_AFTER_END_DAYS})
    ORDER BY k.created_at DESC, k.id`)
  return records.map(toSummary)
}

/** @throws Failure `not_found`, `not_assignable`, `forbidden`, `invalid_input` */
export function createApiKey(
  { db, audit }: Services,
  by: Doer,
  { name, ownerId, scopes, lifetimeDays, allowedAddresses }: CreateApiKeyInput,
): Promise<CreatedApiKey> {
  return db.transaction(async (tx) => {
    const addresses = [...new Set(allowedAddresses)]
    if (!addresses.every(isAddressOrNetwork)) {
      throw new Failure('invalid_input', { field: 'allowedAddresses', problem: 'no_address' })
    }
    const wanted = [...new Set(scopes)]
    await requireOwner(tx, ownerId, wanted)
    await requireRoom(tx)
    const created = await insertKey(tx, {
      name,
      ownerId,
      scopes: wanted,
      addresses,
      lifetimeDays,
      replaces: null,
    })
    audit.record(tx, by, {
      action: 'api_key.created',
      target: target(created.id),
      after: {
        name,
        ownerId,
        scopes: wanted,
        allowedAddresses: addresses,
        expiresAt: created.expiresAt,
      },
    })
    return created
  })
}

interface StoredKey {
  name: string
  owner_id: string
  scopes: ApiScope[]
  allowed_addresses: string[]
}

/**
 * The next one, with all that the key is; the one before lives on for the overlap, so that whoever uses it changes over
 * without a gap.
 * @throws Failure `not_found`, `conflict`, `not_assignable`, `forbidden`
 */
export function rotateApiKey(
  services: Services,
  by: Doer,
  { keyId, overlapHours, lifetimeDays }: RotateApiKeyInput,
): Promise<CreatedApiKey> {
  return services.db.transaction(async (tx) => {
    const key = await tx.maybe<StoredKey>(sql`
      SELECT name, owner_id, scopes, allowed_addresses FROM api_keys
      WHERE id = ${keyId} AND revoked_at IS NULL AND expires_at > NOW() FOR UPDATE`)
    if (key === null) throw new Failure('not_found')
    const next = await tx.maybe(sql`SELECT 1 FROM api_keys WHERE replaces = ${keyId}`)
    if (next !== null) throw new Failure('conflict')
    await requireOwner(tx, key.owner_id, key.scopes)
    const created = await insertKey(tx, {
      name: key.name,
      ownerId: key.owner_id,
      scopes: key.scopes,
      addresses: key.allowed_addresses,
      lifetimeDays,
      replaces: keyId,
    })
    const { expires_at: previousUntil } = await tx.one<{ expires_at: Date }>(sql`
      UPDATE api_keys SET expires_at = LEAST(expires_at, NOW() + make_interval(hours => ${overlapHours}))
      WHERE id = ${keyId} RETURNING expires_at`)
    await endProblem(services, tx, { kind: 'api_key_ending', subject: keyId })
    services.audit.record(tx, by, {
      action: 'api_key.rotated',
      target: target(created.id),
      after: { replaces: keyId, previousUntil, expiresAt: created.expiresAt },
    })
    return created
  })
}

/** From the next request on. @throws Failure `not_found` */
export function revokeApiKey(services: Services, by: Doer, keyId: string): Promise<void> {
  return services.db.transaction(async (tx) => {
    // The one before it, where it still lives, may have another next one.
    const revoked = await tx.run(sql`
      UPDATE api_keys SET revoked_at = NOW(), replaces = NULL
      WHERE id = ${keyId} AND revoked_at IS NULL`)
    if (revoked === 0) throw new Failure('not_found')
    await endProblem(services, tx, { kind: 'api_key_ending', subject: keyId })
    services.audit.record(tx, by, { action: 'api_key.revoked', target: target(keyId) })
  })
}

/** @throws Failure `not_found`, `not_assignable`, `forbidden` */
async function requireOwner(
  tx: Transaction,
  ownerId: string,
  scopes: readonly ApiScope[],
): Promise<void> {
  const owner = await tx.maybe<{ role: Role; is_active: boolean }>(sql`
    SELECT role, is_active FROM users WHERE id = ${ownerId}`)
  if (owner === null) throw new Failure('not_found')
  if (!owner.is_active) throw new Failure('not_assignable', { userId: ownerId })
  const beyond = scopes.find((scope) => !mayOwn(owner.role, scope))
  if (beyond !== undefined) throw new Failure('forbidden', { permission: beyond })
}

/** @throws Failure `invalid_input` */
async function requireRoom(tx: Transaction): Promise<void> {
  const { living } = await tx.one<{ living: number }>(sql`
    SELECT COUNT(*)::int AS living FROM api_keys WHERE revoked_at IS NULL AND expires_at > NOW()`)
  if (living >= MOST_KEYS) throw new Failure('invalid_input', { problem: 'too_many' })
}

async function insertKey(
  tx: Transaction,
  {
    name,
    ownerId,
    scopes,
    addresses,
    lifetimeDays,
    replaces,
  }: {
    name: string
    ownerId: string
    scopes: readonly ApiScope[]
    addresses: readonly string[]
    lifetimeDays: number
    replaces: string | null
  },
): Promise<CreatedApiKey> {
  const { id, key, hash } = makeKey()
  const { expires_at } = await tx.one<{ expires_at: Date }>(sql`
    INSERT INTO api_keys (id, hash, name, owner_id, scopes, allowed_addresses, expires_at, replaces)
    VALUES (${id}, ${hash}, ${name}, ${ownerId}, ${scopes}, ${addresses},
            NOW() + make_interval(days => ${lifetimeDays}), ${replaces})
    RETURNING expires_at`)
  return { id, key, expiresAt: expires_at.toISOString() }
}
