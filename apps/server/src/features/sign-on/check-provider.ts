import { type CheckProviderOutput } from '@parley/contracts'
import { ClientError } from 'openid-client'

import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { discover } from './provider-client.ts'
import { findProvider } from './providers.ts'

/**
 * Reads anew what a provider says of itself, so that a mistake shows before anybody meets it.
 * @throws Failure `not_found`, also of one that is switched off
 */
export async function checkProvider(
  services: Pick<Services, 'db' | 'secrets' | 'clock'>,
  id: string,
): Promise<CheckProviderOutput> {
  const provider = await findProvider(services, { id })
  if (provider === null) throw new Failure('not_found')
  try {
    await discover(provider, services.clock)
    return { fault: null }
  } catch (error) {
    return { fault: faultOf(error) }
  }
}

function faultOf(error: unknown): CheckProviderOutput['fault'] {
  if (!(error instanceof ClientError)) return 'unreachable'
  switch (error.code) {
    case 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED':
      return 'other_issuer'
    case 'OAUTH_HTTP_REQUEST_FORBIDDEN':
      return 'insecure'
    case 'OAUTH_TIMEOUT':
      return 'unreachable'
    default:
      return 'not_openid'
  }
}
