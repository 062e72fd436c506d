import { randomUUID } from 'node:crypto'
import { type Server } from 'node:http'

import Provider from 'oidc-provider'

import { reservePort } from './world.ts'

type FetchOptions = RequestInit & { dispatcher?: unknown }

/** A company's directory: a real OpenID provider, whose people sign in with any password. */
export interface Directory {
  issuer: string
  clientId: string
  clientSecret: string
  /** Where its people sign out of everything, which it says to everybody who relies on it. */
  signOutUrl: string
  stop(): Promise<void>
}

/** @param groupsOf of a person, by the name that they sign in with */
export async function startDirectory(
  serverUrl: string,
  {
    emailOf,
    groupsOf,
  }: { emailOf: (name: string) => string; groupsOf: (name: string) => string[] },
): Promise<Directory> {
  const [clientId, clientSecret] = ['parley', randomUUID()]
  const port = await reservePort()
  const issuer = `http://127.0.0.1:${port}`
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [`${serverUrl}/sso/callback`],
        backchannel_logout_uri: `${serverUrl}/sso/backchannel-logout`,
        backchannel_logout_session_required: true,
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: {
      openid: ['sub', 'sid'],
      email: ['email', 'email_verified'],
      profile: ['name', 'groups'],
    },
    // Entra and Okta say it all in the token.
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: true }, backchannelLogout: { enabled: true } },
    // By itself it asks nobody on its own machine, where this test's server is.
    fetch: (url, { dispatcher: _dispatcher, ...options }: FetchOptions = {}) => fetch(url, options),
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({
        sub: id,
        email: emailOf(id),
        email_verified: true,
        name: id,
        groups: groupsOf(id),
      }),
    }),
    pkce: { required: () => true },
    cookies: { keys: [randomUUID()] },
  })
  // What it could not tell us is this test's failure.
  provider.on('backchannel.error', (_context, error) => {
    process.stderr.write(`the directory was not heard: ${error.message}\n`)
  })
  const server: Server = provider.listen(port, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    issuer,
    clientId,
    clientSecret,
    signOutUrl: `${issuer}/session/end`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
