import { ROLES } from '@parley/domain'
import { z } from 'zod'

import { id, typedText, versionNumber } from '../primitives.ts'

/** Who says for a company who somebody is, as administrators set it up. */

const domain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+$/, 'is not a domain')

export const providerSettings = z.object({
  /** As people call it. */
  name: typedText(60).trim().min(1),
  /** As it calls itself in its tokens, letter by letter. */
  issuer: z.url({ protocol: /^https?$/ }).max(500),
  clientId: typedText(300).trim().min(1),
  domains: z.array(domain).max(50),
  isActive: z.boolean(),
  /** People of its domains sign in by it and by nothing else. */
  isForced: z.boolean(),
  /** Its addresses are the company's own though it does not say so each time, as Entra does not. */
  trustsEmail: z.boolean(),
  /** Who comes for the first time, of one of its domains, gets an account. */
  createsPeople: z.boolean(),
  /** Of who is created and is in no group that says another one. */
  defaultRole: z.enum(ROLES).exclude(['admin']),
  /** Where its tokens name the person's groups; null: they are not looked at. */
  groupsClaim: typedText(100).trim().min(1).nullable(),
})
export type ProviderSettings = z.infer<typeof providerSettings>

export const provider = providerSettings.extend({
  id,
  version: z.int(),
  hasSecret: z.boolean(),
  /** Who has signed in by it. */
  people: z.int(),
})
export type Provider = z.infer<typeof provider>

export const providersOutput = z.object({
  providers: z.array(provider),
  /** What the provider has to be told of us. */
  callbackUrl: z.string(),
  logoutUrl: z.string(),
  /** Whom a password lets in where single sign-on is forced. */
  breakGlassUserId: id.nullable(),
})
export type ProvidersOutput = z.infer<typeof providersOutput>

/**
 * @throws `taken` (what: `issuer`, `domain`), `conflict` where another version stands, `required` where it is forced and
 * there is no `break_glass` account
 */
export const saveProviderInput = z.object({
  id,
  /** The version that was changed; null: it is new. */
  basedOn: versionNumber.nullable(),
  settings: providerSettings,
  /** Null: as it was. Empty: none, a public client. */
  clientSecret: typedText(1000).nullable(),
})
export const removeProviderInput = z.object({ id })

/** What a provider says of itself, read anew. */
export const checkProviderInput = z.object({ id })
export const PROVIDER_FAULTS = ['unreachable', 'not_openid', 'other_issuer', 'insecure'] as const
export const checkProviderOutput = z.object({ fault: z.enum(PROVIDER_FAULTS).nullable() })
export type CheckProviderOutput = z.infer<typeof checkProviderOutput>

/** @throws `required` (what: `second_factor`, `admin`, or `break_glass` where one is needed and none would be left) */
export const setBreakGlassInput = z.object({ userId: id.nullable() })

/** What a sign-in form offers besides a password. */
export const signOnOptionsOutput = z.array(z.object({ id, name: z.string() }))
export type SignOnOptions = z.infer<typeof signOnOptionsOutput>
