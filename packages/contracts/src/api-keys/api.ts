import { API_KEY_BOUNDS, API_SCOPES } from '@parley/domain'
import { z } from 'zod'

import { id, instant, typedText } from '../primitives.ts'

/** Keys by which programs get in, as administrators see and change them. */

const within = ([least, most]: readonly [number, number]) => z.int().min(least).max(most)

export const apiKeySummary = z.object({
  id,
  name: z.string(),
  /** On whose behalf; never further than they themselves. */
  ownerId: id,
  ownerName: z.string(),
  isOwnerActive: z.boolean(),
  scopes: z.array(z.enum(API_SCOPES)),
  /** Addresses and networks; none: from anywhere. */
  allowedAddresses: z.array(z.string()),
  createdAt: instant,
  expiresAt: instant,
  /** To the hour. */
  lastUsedAt: instant.nullable(),
  /** The one before it, while both live. */
  replaces: id.nullable(),
  isReplaced: z.boolean(),
})
export type ApiKeySummary = z.infer<typeof apiKeySummary>
/** Those that live, the newest first. */
export const apiKeysOutput = z.array(apiKeySummary)

/**
 * @throws `not_found` for the owner, `not_assignable` where they are switched off, `forbidden` for a scope that they do
 *   not have, `invalid_input` for what is no address, or where there are too many keys (problem: `too_many`)
 */
export const createApiKeyInput = z.object({
  name: typedText(100).trim().min(1),
  ownerId: id,
  scopes: z.array(z.enum(API_SCOPES)).min(1).max(API_SCOPES.length),
  lifetimeDays: within(API_KEY_BOUNDS.lifetimeDays),
  allowedAddresses: z.array(typedText(50).trim().min(1)).max(API_KEY_BOUNDS.allowedAddresses[1]),
})
export type CreateApiKeyInput = z.infer<typeof createApiKeyInput>
/** The key is in this answer and nowhere else. */
export const createdApiKey = z.object({ id, key: z.string(), expiresAt: instant })
export type CreatedApiKey = z.infer<typeof createdApiKey>

/**
 * The next one of a key, with the same name, owner, scopes and addresses; the one before lives on for so long.
 * @throws `not_found`, `conflict` where it has a next one already
 */
export const rotateApiKeyInput = z.object({
  keyId: id,
  overlapHours: within(API_KEY_BOUNDS.overlapHours),
  lifetimeDays: within(API_KEY_BOUNDS.lifetimeDays),
})
export type RotateApiKeyInput = z.infer<typeof rotateApiKeyInput>
/** @throws `not_found` */
export const revokeApiKeyInput = z.object({ keyId: id })
