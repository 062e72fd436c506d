import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo } from 'node:net'

import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose'

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>

/**
 * An OpenID provider that lets everybody in at once and can be made to lie in every way that we know of. The good path
 * with a real one is `e2e/sign-on.spec.ts`.
 */
export interface TestProvider {
  issuer: string
  clientId: string
  clientSecret: string
  /** Who is signed in there; what its tokens say of them. */
  person: JWTPayload
  /** The next answers, as they are told here; put back by `behave`. */
  lies: Lies
  behave(): void
  /** New keys: those before are forgotten. */
  rotateKeys(): Promise<void>
  /** A statement that somebody signed out, signed by it. */
  logoutToken(changes?: JWTPayload, lies?: Pick<Lies, 'sign'>): Promise<string>
  stop(): Promise<void>
}

export interface Lies {
  /** Alters what an ID token says. */
  claims?: (claims: JWTPayload) => JWTPayload
  /** Signs in another way. */
  sign?: (claims: JWTPayload, own: KeyPair) => Promise<string>
  /** Where it sends the browser back to, altered. */
  comeBack?: (url: URL) => void
  /** Answers in the place of its own token endpoint. */
  token?: (response: ServerResponse) => void
  userInfo?: (claims: JWTPayload) => JWTPayload
  metadata?: (metadata: Record<string, unknown>) => Record<string, unknown>
}

const ALGORITHM = 'RS256'

export async function startIdentityProvider(): Promise<TestProvider> {
  let kid = randomUUID()
  let keys = await generateKeyPair(ALGORITHM, { extractable: true })
  const codes = new Map<string, { nonce: string; challenge: string }>()

  const provider: TestProvider = {
    issuer: '',
    clientId: 'parley',
    clientSecret: 'a-client-secret',
    person: {},
    lies: {},
    behave() {
      provider.lies = {}
    },
    async rotateKeys() {
      kid = randomUUID()
      keys = await generateKeyPair(ALGORITHM, { extractable: true })
    },
    logoutToken(changes = {}, { sign = signed } = {}) {
      const { iss, aud, sub, iat } = common()
      return sign(
        {
          iss,
          aud,
          sub,
          iat,
          jti: randomUUID(),
          exp: iat + 120,
          events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
          ...changes,
        } as JWTPayload,
        keys,
      )
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }

  const common = () => {
    const iat = Math.floor(Date.now() / 1000)
    return {
      iss: provider.issuer,
      aud: provider.clientId,
      iat,
      exp: iat + 300,
      sub: 'nobody',
      ...provider.person,
    }
  }

  function signed(claims: JWTPayload): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: ALGORITHM, kid }).sign(keys.privateKey)
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', provider.issuer)
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json(response, metadata())
      case '/jwks':
        return json(response, {
          keys: [{ ...(await exportJWK(keys.publicKey)), kid, alg: ALGORITHM, use: 'sig' }],
        })
      case '/authorize':
        return authorize(url, response)
      case '/token':
        return await token(await bodyOf(request), response)
      case '/userinfo': {
        const { sub, ...more } = common()
        const claims = { sub, ...more }
        return json(response, provider.lies.userInfo?.(claims) ?? claims)
      }
      default:
        response.writeHead(404).end()
    }
  }

  function metadata(): Record<string, unknown> {
    const { issuer, lies } = provider
    const own = {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [ALGORITHM],
      token_endpoint_auth_methods_supported: ['client_secret_post'],
      authorization_response_iss_parameter_supported: true,
    }
    return lies.metadata?.(own) ?? own
  }

  function authorize({ searchParams: asked }: URL, response: ServerResponse): void {
    const code = randomUUID()
    codes.set(code, {
      nonce: asked.get('nonce') ?? '',
      challenge: asked.get('code_challenge') ?? '',
    })
    const back = new URL(asked.get('redirect_uri') ?? '')
    back.searchParams.set('code', code)
    back.searchParams.set('state', asked.get('state') ?? '')
    back.searchParams.set('iss', provider.issuer)
    provider.lies.comeBack?.(back)
    response.writeHead(303, { location: back.href }).end()
  }

  async function token(body: URLSearchParams, response: ServerResponse): Promise<void> {
    const { lies } = provider
    if (lies.token !== undefined) return lies.token(response)
    const known = codes.get(body.get('code') ?? '')
    codes.delete(body.get('code') ?? '')
    const verifier = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url')
    const isOurs =
      known?.challenge === verifier &&
      body.get('client_id') === provider.clientId &&
      body.get('client_secret') === provider.clientSecret
    if (!isOurs) return json(response, { error: 'invalid_grant' }, 400)
    const claims = { ...common(), nonce: known.nonce }
    const told = lies.claims?.(claims) ?? claims
    return json(response, {
      access_token: randomUUID(),
      token_type: 'Bearer',
      expires_in: 300,
      id_token: await (lies.sign ?? signed)(told, keys),
    })
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  provider.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return provider
}

/** In ways that nobody may take for signed by the provider. */
export const FORGED = {
  unsigned: async (claims: JWTPayload) => new UnsecuredJWT(claims).encode(),
  byAnotherKey: async (claims: JWTPayload) => {
    const { privateKey } = await generateKeyPair(ALGORITHM)
    return new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, kid: randomUUID() })
      .sign(privateKey)
  },
  /** The client's secret is known to both, and the public key to everybody. */
  bySecret: (secret: string) => (claims: JWTPayload) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret)),
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return new URLSearchParams(Buffer.concat(parts).toString('utf8'))
}
