import { ROLES } from '@parley/domain'
import { z } from 'zod'

import { id, instant, newId, typedText } from '../primitives.ts'
import { personRow, presenceRow } from './rows.ts'

export const device = z.object({
  id: newId,
  name: typedText(120).min(1),
  platform: z.enum(['linux', 'darwin', 'win32']),
})

export const signInInput = z.object({
  email: z.email().max(255),
  password: z.string().min(1).max(1024),
  device,
  protocolVersion: z.int(),
})
export const refreshInput = z.object({ refreshToken: z.string().max(512) })

export const tokens = z.object({
  /** A signed token good for minutes. */
  accessToken: z.string(),
  /** By the server's clock: for people and logs. A device measures by what follows, since its own clock may be wrong. */
  accessExpiresAt: instant,
  /** From when it was asked for. */
  accessExpiresInSeconds: z.number().positive(),
  /** Opaque, used once; its answer brings the next one. */
  refreshToken: z.string(),
})
export type Tokens = z.infer<typeof tokens>

export const signInOutput = z.object({
  tokens,
  sessionId: id,
  person: personRow,
  email: z.string(),
  /** The database's clock, so that devices can estimate their offset. */
  serverTime: instant,
})
export type SignInOutput = z.infer<typeof signInOutput>

export const sessionSummary = z.object({
  id,
  deviceName: z.string(),
  platform: z.string(),
  createdAt: instant,
  lastUsedAt: instant,
  current: z.boolean(),
})

/** Of anybody, as when somebody of another team is to be chosen. Who was never there is not in the answer. */
export const presenceInput = z.object({ userIds: z.array(id).max(200) })
export const presenceOutput = z.array(presenceRow)

export const revokeSessionInput = z.object({ sessionId: id })
export const revokeSessionsInput = z.object({ userId: id })
export const setRoleInput = z.object({ userId: id, role: z.enum(ROLES) })
export const setTeamsInput = z.object({ userId: id, teamIds: z.array(id).max(200) })
export const setActiveInput = z.object({ userId: id, isActive: z.boolean() })
