import { decodeJwt, errors, jwtVerify } from 'jose'
import { z } from 'zod'

import { SYSTEM } from '../../platform/doer.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { type Accounts } from '../accounts/index.ts'
import { type ProviderClients } from './provider-client.ts'
import { findProvider, type KnownProvider } from './providers.ts'

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
/** What is signed with a key of the provider's own; never `none`, nor what a secret of ours could have signed. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
]
const CLOCK_TOLERANCE_SECONDS = 60
/** How old a statement may be. It is remembered for longer, so that none is heard twice. */
const OLDEST_SECONDS = 300
const REMEMBERED_MINUTES = 30

const logoutShape = z
  .object({
    jti: z.string().min(1).max(255),
    iat: z.number(),
    sub: z.string().min(1).max(255).optional(),
    sid: z.string().min(1).max(255).optional(),
    events: z.object({ [EVENT]: z.object({}) }),
    // An ID token must not pass for one (OpenID Connect Back-Channel Logout 1.0, section 2.4).
    nonce: z.undefined().optional(),
  })
  .refine(({ sub, sid }) => sub !== undefined || sid !== undefined)

/** It is not a provider's word for us. */
export class NoLogoutToken extends Error {
  override name = 'NoLogoutToken'
}

/**
 * A provider says that somebody signed out there: what hangs on it ends here, and what is under way does not begin.
 * Said a second time it changes nothing.
 * @throws NoLogoutToken
 */
export async function endByProvider(
  services: Services,
  clients: ProviderClients,
  { sessions }: Pick<Accounts, 'sessions'>,
  token: string,
): Promise<void> {
  const provider = await providerOf(services, token)
  const { jti, iat, sub, sid } = await verified(services, clients, provider, token)
  const subject = sub ?? null
  const providerSession = sid ?? null
  await services.db.transaction(async (tx) => {
    // Whoever is just being let in is in by then, or sees this: see `takeTicket`.
    await tx.run(sql`SELECT 1 FROM identity_providers WHERE id = ${provider.id} FOR NO KEY UPDATE`)
    const isNew = await tx.run(sql`
      INSERT INTO provider_logouts (provider_id, token_id, subject, provider_session, said_at, expires_at)
      VALUES (${provider.id}, ${jti}, ${subject}, ${providerSession}, to_timestamp(${iat}),
              NOW() + make_interval(mins => ${REMEMBERED_MINUTES}))
      ON CONFLICT DO NOTHING`)
    if (isNew === 0) return
    const which = { providerId: provider.id, subject, providerSession }
    const ended = await sessions.end(tx, which, 'provider_ended')
    for (const userId of new Set(ended.map(({ user_id }) => user_id))) {
      services.audit.record(tx, SYSTEM, {
        action: 'session.provider_ended',
        target: { kind: 'person', id: userId },
        after: {
          provider: provider.name,
          sessions: ended.filter(({ user_id }) => user_id === userId).length,
        },
      })
    }
  })
}

/** By whom it says to be, which nobody has checked yet. */
async function providerOf(services: Services, token: string): Promise<KnownProvider> {
  let iss: unknown
  try {
    iss = decodeJwt(token).iss
  } catch (error) {
    throw new NoLogoutToken('unreadable', { cause: error })
  }
  const provider = typeof iss === 'string' ? await findProvider(services, { issuer: iss }) : null
  if (provider === null) throw new NoLogoutToken('of no provider')
  return provider
}

async function verified(
  { clock }: Services,
  clients: ProviderClients,
  provider: KnownProvider,
  token: string,
): Promise<z.infer<typeof logoutShape>> {
  const { config, keys } = await clients.of(provider)
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: config.serverMetadata().issuer,
      audience: provider.clientId,
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      maxTokenAge: OLDEST_SECONDS,
      currentDate: clock.now(),
    })
    const parsed = logoutShape.safeParse(payload)
    if (!parsed.success) throw new NoLogoutToken('no logout token', { cause: parsed.error })
    return parsed.data
  } catch (error) {
    if (error instanceof errors.JOSEError) throw new NoLogoutToken(error.code, { cause: error })
    throw error
  }
}
