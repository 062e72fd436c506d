import { randomBytes } from 'node:crypto'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'
import { hashToken } from './tokens.ts'

/** The provider's own session that one of ours hangs on: it ends with that. */
export interface ProviderSession {
  id: string
  name: string
  subject: string
  /** As the provider calls it; null where it does not. */
  session: string | null
}

/** A person's session on a device; those that they had on it before have been ended. */
export async function openSession(
  tx: Transaction,
  {
    userId,
    device,
    address,
    provider,
  }: {
    userId: string
    device: { id: string; name: string; platform: string }
    address: string | null
    provider: ProviderSession | null
  },
): Promise<string> {
  await tx.run(sql`
    INSERT INTO devices (id, name, platform) VALUES (${device.id}, ${device.name}, ${device.platform})
    ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name`)
  const { id } = await tx.one<{ id: string }>(sql`
    INSERT INTO sessions (id, user_id, device_id, address, provider_id, subject, provider_session)
    VALUES (new_id(), ${userId}, ${device.id}, ${address}, ${provider?.id ?? null}, ${provider?.subject ?? null},
            ${provider?.session ?? null})
    RETURNING id`)
  return id
}

/** @returns what the device says the next time */
export async function rememberDevice(
  tx: Transaction,
  userId: string,
  deviceId: string,
): Promise<string> {
  const secret = randomBytes(32).toString('base64url')
  await tx.run(sql`
    INSERT INTO known_devices (user_id, device_id, secret_hash)
    VALUES (${userId}, ${deviceId}, ${hashToken(secret)})
    ON CONFLICT (user_id, device_id) DO UPDATE SET secret_hash = EXCLUDED.secret_hash`)
  return secret
}

export async function isKnownDevice(
  db: Queryable,
  userId: string,
  deviceId: string,
  secret: string,
): Promise<boolean> {
  const known = await db.maybe(sql`
    SELECT 1 FROM known_devices
    WHERE user_id = ${userId} AND device_id = ${deviceId} AND secret_hash = ${hashToken(secret)}`)
  return known !== null
}
