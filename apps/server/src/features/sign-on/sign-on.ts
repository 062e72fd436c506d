import { SIGN_ON_PATHS, type SignOnProblem } from '@parley/domain'
import * as openid from 'openid-client'

import { isTransient } from '../../platform/database.ts'
import { type Doer } from '../../platform/doer.ts'
import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { TokenBuckets } from '../../platform/token-buckets.ts'
import { type Accounts, type Arrival, type SignedOn } from '../accounts/index.ts'
import { applyGroups } from '../people/index.ts'
import {
  beginAttempt,
  takeAttempt,
  takeTicket,
  writeTicket,
  type Attempt,
  type Waiting,
} from './attempts.ts'
import { endByProvider } from './back-channel-logout.ts'
import { createProviderClients } from './provider-client.ts'
import { findActiveProvider, isAsAsked, type KnownProvider } from './providers.ts'
import { findWhoCame, NotSignedOn, readClaims, type Came } from './who-came.ts'

const SCOPE = 'openid profile email'
/** Failures that the audit log takes one by one. */
const FAILURES_TOLD = { burst: 100, perSecond: 0.5 }

/** Where a browser goes that came back: to the program that waits for it on its own machine, or nowhere. */
export interface Returned {
  waiting: Waiting | null
  ticket: string | null
  problem: SignOnProblem | null
}

export type SignOn = ReturnType<typeof createSignOn>

/**
 * Single sign-on by OpenID Connect: a code and PKCE, in the system's browser (RFC 8252). A workstation waits on
 * 127.0.0.1 for a ticket that only its own verifier opens; the provider's tokens never leave the server.
 * @param publicUrl where browsers and providers find this server
 */
export function createSignOn(
  services: Services,
  { accounts, publicUrl }: { accounts: Accounts; publicUrl: () => string },
) {
  const { db, secrets, clock, audit, logger, metrics } = services
  const clients = createProviderClients(clock)
  const told = new TokenBuckets(FAILURES_TOLD)

  return {
    publicUrl,

    /** @returns where the browser is to go, and what it has to bring back in a cookie. @throws NotSignedOn */
    async start(providerId: string, waiting: Waiting): Promise<{ url: URL; browser: string }> {
      const provider = await findActiveProvider(services, providerId)
      if (provider === null) throw new NotSignedOn('over')
      const { config } = await reached(clients.of(provider)).catch((error: unknown) => {
        logger.warn({ err: error, providerId }, 'single sign-on could not begin')
        throw error
      })
      const leaving = await beginAttempt(db, secrets, provider.id, waiting)
      const url = openid.buildAuthorizationUrl(config, {
        redirect_uri: `${publicUrl()}${SIGN_ON_PATHS.callback}`,
        scope: SCOPE,
        state: leaving.state,
        nonce: leaving.nonce,
        code_challenge: leaving.challenge,
        code_challenge_method: 'S256',
      })
      return { url, browser: leaving.browser }
    },

    /** A browser came back from the provider, with whatever it has in its address and its cookie. */
    async comeBack(query: URLSearchParams, browser: string, by: Doer): Promise<Returned> {
      const state = query.get('state') ?? ''
      const attempt = await takeAttempt(db, secrets, { state, browser })
      if (attempt === null) return { waiting: null, ticket: null, problem: 'over' }
      try {
        const ticket = await ticketFor(attempt, query, state, by)
        return { waiting: attempt, ticket, problem: null }
      } catch (error) {
        const failed = asNotSignedOn(error)
        if (failed.problem === 'not_valid') clients.forget({ id: attempt.providerId })
        await tellFailure(attempt, failed, by)
        return { waiting: attempt, ticket: null, problem: failed.problem }
      }
    },

    /** @throws Failure `sign_on_failed` */
    useTicket: (
      {
        ticket,
        verifier,
        ...arrival
      }: Pick<Arrival, 'device' | 'protocolVersion'> & { ticket: string; verifier: string },
      by: Doer,
    ) => accounts.signOn(arrival, by, (tx) => takeTicket(audit, tx, { ticket, verifier }, by)),

    /** @throws NoLogoutToken */
    endByProvider: (token: string) => endByProvider(services, clients, accounts, token),
  }

  async function ticketFor(
    attempt: Attempt,
    query: URLSearchParams,
    state: string,
    by: Doer,
  ): Promise<string> {
    const provider = await findActiveProvider(services, attempt.providerId)
    if (provider === null) throw new NotSignedOn('over')
    const came = await askWhoCame(provider, attempt, query, state)
    const { groups } = came
    const userId = await db.transaction((tx) => findWhoCame(services, tx, provider, came, by))
    // Rights first, so that nobody is let in with those of yesterday.
    if (groups !== null) await applyGroups(services, userId, groups, by)
    const signedOn: SignedOn = {
      userId,
      provider: {
        id: provider.id,
        name: provider.name,
        subject: came.subject,
        session: came.session,
      },
    }
    return db.transaction(async (tx) => {
      if (!(await isAsAsked(tx, provider))) throw new NotSignedOn('over')
      return writeTicket(tx, attempt, signedOn, came.signedOnAt)
    })
  }

  async function askWhoCame(
    provider: KnownProvider,
    { nonce, verifier }: Attempt,
    query: URLSearchParams,
    state: string,
  ): Promise<Came> {
    const { config } = await reached(clients.of(provider))
    const current = new URL(`${publicUrl()}${SIGN_ON_PATHS.callback}`)
    current.search = query.toString()
    const tokens = await openid.authorizationCodeGrant(config, current, {
      pkceCodeVerifier: verifier,
      expectedNonce: nonce,
      expectedState: state,
      idTokenExpected: true,
    })
    const claims = tokens.claims() ?? {}
    const came = readClaims(provider, claims)
    const saysAll = came.email !== null && (provider.groupsClaim === null || came.groups !== null)
    if (saysAll || config.serverMetadata().userinfo_endpoint === undefined) return came
    // Some say there what they do not say in their tokens.
    const more = await openid.fetchUserInfo(config, tokens.access_token, came.subject)
    return readClaims(provider, { ...more, ...claims })
  }

  async function tellFailure(
    { providerId }: Attempt,
    failed: NotSignedOn,
    by: Doer,
  ): Promise<void> {
    metrics.signIns.inc({ outcome: 'failed' })
    // The server's own trouble, which might keep the person from hearing of it.
    if (failed.problem === 'try_later') return
    if (failed.problem === 'not_valid' || failed.problem === 'provider_unavailable') {
      logger.warn({ err: failed.cause, providerId }, 'single sign-on failed')
    }
    if (told.take('') > 0) return
    await db.transaction(async (tx) =>
      audit.record(tx, by, {
        action: 'session.sign_on_failed',
        target: { kind: 'identity_provider', id: providerId },
        after: { reason: failed.problem },
      }),
    )
  }
}

async function reached<Result>(asking: Promise<Result>): Promise<Result> {
  try {
    return await asking
  } catch (error) {
    throw new NotSignedOn('provider_unavailable', { cause: error })
  }
}

/** What the libraries say of a provider's answer: said no, could not be asked, or said what does not hold. */
function asNotSignedOn(error: unknown): NotSignedOn {
  if (error instanceof NotSignedOn) return error
  if (isTransient(error) || error instanceof Failure)
    return new NotSignedOn('try_later', { cause: error })
  if (error instanceof openid.AuthorizationResponseError) {
    return new NotSignedOn('refused', { cause: error })
  }
  // It could not be asked: this is how `fetch` says it.
  if (error instanceof TypeError || (error as { code?: string }).code === 'OAUTH_TIMEOUT') {
    return new NotSignedOn('provider_unavailable', { cause: error })
  }
  const isProviders =
    error instanceof openid.ClientError ||
    error instanceof openid.ResponseBodyError ||
    error instanceof openid.WWWAuthenticateChallengeError
  if (isProviders) return new NotSignedOn('not_valid', { cause: error })
  throw error
}
