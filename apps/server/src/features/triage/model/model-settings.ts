import { triageModelSettings } from '@parley/contracts'
import { z } from 'zod'

import { type Queryable } from '../../../platform/database.ts'
import { reseal, type Resealed, type Sealed } from '../../../platform/reseal.ts'
import { type Secrets } from '../../../platform/secrets.ts'
import { type Services } from '../../../platform/services.ts'
import { sql } from '../../../platform/sql.ts'

/** The model's settings and its key, sealed together in one row of `integration_configs`. */

export const INTEGRATION_NAME = 'triage_model'

const sealedContent = z.object({ settings: triageModelSettings, apiKey: z.string() })
export type StoredModel = z.infer<typeof sealedContent>

export type LoadedModel =
  | { state: 'absent' }
  /** Sealed with another server key, or altered. */
  | { state: 'unreadable'; updatedAt: Date }
  | { state: 'stored'; model: StoredModel; updatedAt: Date }

export async function loadModel(db: Queryable, secrets: Secrets): Promise<LoadedModel> {
  const row = await db.maybe<{ credentials_encrypted: Buffer; key_id: string; updated_at: Date }>(
    sql`
    SELECT credentials_encrypted, key_id, updated_at FROM integration_configs
    WHERE name = ${INTEGRATION_NAME}`,
  )
  if (row === null) return { state: 'absent' }
  const { updated_at: updatedAt } = row
  const opened = open(secrets, row)
  return opened === null
    ? { state: 'unreadable', updatedAt }
    : { state: 'stored', model: opened, updatedAt }
}

function open(
  secrets: Secrets,
  { credentials_encrypted: sealed, key_id }: { credentials_encrypted: Buffer; key_id: string },
): StoredModel | null {
  let plain: string
  try {
    plain = secrets.decrypt(sealed, key_id)
  } catch {
    // Another key's, or altered bytes: shown to administrators as unreadable.
    return null
  }
  return sealedContent.safeParse(JSON.parse(plain)).data ?? null
}

export async function storeModel(
  db: Queryable,
  secrets: Secrets,
  model: StoredModel,
): Promise<void> {
  const sealed = secrets.encrypt(JSON.stringify(model))
  await db.run(sql`
    INSERT INTO integration_configs (id, name, type, credentials_encrypted, is_active, key_id)
    VALUES (new_id(), ${INTEGRATION_NAME}, 'api_key', ${sealed}, ${model.settings.isActive}, ${secrets.keyId})
    ON CONFLICT (name) DO UPDATE SET
      type = EXCLUDED.type, credentials_encrypted = EXCLUDED.credentials_encrypted,
      is_active = EXCLUDED.is_active, key_id = EXCLUDED.key_id, updated_at = clock_timestamp()`)
}

/** Integrations' credentials that another key has sealed. */
export async function resealIntegrations(services: Services): Promise<Resealed> {
  const { db, secrets } = services
  const rows = await db.many<Sealed & { id: string }>(sql`
    SELECT id, credentials_encrypted AS sealed, key_id FROM integration_configs
    WHERE key_id <> ${secrets.keyId}`)
  return reseal(services, rows, (row, sealed) =>
    db.run(sql`
      UPDATE integration_configs SET credentials_encrypted = ${sealed}, key_id = ${secrets.keyId}
      WHERE id = ${row.id} AND credentials_encrypted = ${row.sealed}`),
  )
}
