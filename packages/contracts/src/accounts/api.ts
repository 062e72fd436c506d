import { z } from 'zod'

import { id, instant, newId, typedText } from '../primitives.ts'
import { personRow, presenceRow } from './rows.ts'

export const device = z.object({
  id: newId,
  name: typedText(120).min(1),
  platform: z.enum(['linux', 'darwin', 'win32']),
})

/** As typed: what is refused is refused in words, by the account's own rules. */
const password = z.string().min(1).max(256)
/** Of an authenticator, or one for when that is lost; blanks and dashes do not matter. */
const secondFactorCode = z.string().trim().min(1).max(40)

/** What a device says of itself to be let in. */
const arrival = {
  device,
  protocolVersion: z.int(),
  /** Of an earlier sign-in of the same person's on this device: whoever guesses passwords elsewhere does not bar its way. */
  deviceSecret: z.string().max(128).nullable().default(null),
  /** Asked for by `second_factor_required`. */
  code: secondFactorCode.nullable().default(null),
}

/** @throws `unauthenticated`, `second_factor_required`, `too_many_attempts`, `protocol_mismatch` */
export const signInInput = z.object({ email: z.email().max(255), password, ...arrival })
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
  /** However much it is used, the session ends then and the person signs in again. */
  sessionEndsAt: instant,
})
export type Tokens = z.infer<typeof tokens>

export const signInOutput = z.object({
  tokens,
  sessionId: id,
  person: personRow,
  email: z.string(),
  /** The database's clock, so that devices can estimate their offset. */
  serverTime: instant,
  /** To be kept by the device and said at the next sign-in of this person's. */
  deviceSecret: z.string(),
  /** Shown once, when a second factor has just been set up. */
  recoveryCodes: z.array(z.string()).nullable(),
})
export type SignInOutput = z.infer<typeof signInOutput>

/** Details of `second_factor_required`: what to set up first where the role asks for one that the person does not have. */
export const secondFactorSetup = z.object({
  /** Base32, to be typed. */
  secret: z.string(),
  /** The same as `otpauth://`, to be scanned. */
  uri: z.string(),
})
export type SecondFactorSetup = z.infer<typeof secondFactorSetup>

const linkToken = z.string().min(1).max(128)
export const lookAtLinkInput = z.object({ token: linkToken })
export const lookAtLinkOutput = z.object({
  purpose: z.enum(['invitation', 'reset']),
  email: z.string(),
  fullName: z.string(),
  passwordMinLength: z.int(),
})
export type LookAtLinkOutput = z.infer<typeof lookAtLinkOutput>
/** Chooses a password and signs in. @throws those of signing in, and `link_over`, `weak_password` */
export const useLinkInput = z.object({ token: linkToken, password, ...arrival })

/**
 * What a browser brought back from single sign-on, once, and what only the workstation that sent it there has.
 * @throws `sign_on_failed`, `protocol_mismatch`
 */
export const useTicketInput = z.object({
  ticket: z.string().min(1).max(128),
  verifier: z.string().min(43).max(128),
  device,
  protocolVersion: arrival.protocolVersion,
})

/** Of one's own account. */
export const accountOutput = z.object({
  email: z.string(),
  passwordMinLength: z.int(),
  /** False where somebody else says who one is: then there is no password to change. */
  hasPassword: z.boolean(),
  secondFactor: z.object({
    isOn: z.boolean(),
    isRequired: z.boolean(),
    recoveryCodesLeft: z.int(),
  }),
})
export type AccountOutput = z.infer<typeof accountOutput>

/** Ends one's other sessions. @throws `wrong_password`, `weak_password` */
export const changePasswordInput = z.object({ current: password, next: password })
/** @throws `wrong_password` */
export const beginSecondFactorInput = z.object({ password })
/** @throws `wrong_code` */
export const confirmSecondFactorInput = z.object({ code: secondFactorCode })
export const recoveryCodesOutput = z.object({ recoveryCodes: z.array(z.string()) })
export type RecoveryCodes = z.infer<typeof recoveryCodesOutput>
/** For what changes a second factor that stands. @throws `wrong_password`, `wrong_code` */
export const provedInput = z.object({ password, code: secondFactorCode })

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
