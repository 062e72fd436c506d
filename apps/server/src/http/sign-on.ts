import { SIGN_ON_PATHS, type SignOnProblem } from '@parley/domain'
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { z } from 'zod'

import { NoLogoutToken, NotSignedOn, type SignOn } from '../features/sign-on/index.ts'
import { isTransient } from '../platform/database.ts'
import { type Doer } from '../platform/doer.ts'
import { Failure } from '../platform/failure.ts'
import { showPage } from './sign-on-page.ts'

/** What a workstation sends its person's browser with. */
const startQuery = z.object({
  provider: z.guid(),
  /** SHA-256 of its verifier, as PKCE writes it. */
  challenge: z.base64url().length(43),
  port: z.coerce.number().int().min(1024).max(65_535),
})
/** A token with everything that a provider could want to say. */
const LOGOUT_BODY_BYTES = 64 * 1024
/** The browser is of one person: of several attempts at once the last one counts. */
const COOKIE = 'parley-sign-on'
const COOKIE_SECONDS = 600

/** Where who has no session comes in, as often as strangers may. */
export type StrangersDoor = <Result>(
  request: FastifyRequest,
  call: (by: Doer) => Promise<Result>,
) => Promise<Result>

/** What browsers and providers see of single sign-on. */
export function registerSignOn(app: FastifyInstance, signOn: SignOn, door: StrangersDoor): void {
  app.get(SIGN_ON_PATHS.start, async (request, reply) => {
    const asked = startQuery.safeParse(request.query)
    // Nor is it begun by another page, which could be waiting for what comes of it.
    const isLed = /^(cross|same)-site$/.test(String(request.headers['sec-fetch-site']))
    if (!asked.success || isLed) return showPage(request, reply.code(400), { problem: 'over' })
    const { provider, challenge, port } = asked.data
    try {
      const waiting = { challenge: Buffer.from(challenge, 'base64url'), port }
      const { url, browser } = await door(request, () => signOn.start(provider, waiting))
      return reply
        .header('set-cookie', cookie(signOn, browser, COOKIE_SECONDS))
        .header('cache-control', 'no-store')
        .redirect(url.href, 303)
    } catch (error) {
      return showPage(request, reply.code(503), { problem: problemOf(error) })
    }
  })

  app.get(SIGN_ON_PATHS.callback, async (request, reply) => {
    const query = new URL(request.raw.url ?? '', 'http://unused.invalid').searchParams
    try {
      const { waiting, ticket, problem } = await door(request, (by) =>
        signOn.comeBack(query, browserOf(signOn, request), by),
      )
      if (waiting === null)
        return showPage(request, reply.code(400), { problem: problem ?? 'over' })
      void reply.header('set-cookie', cookie(signOn, '', 0)).header('cache-control', 'no-store')
      // The program that waits there shows the person what came of it.
      const back = new URL(`http://127.0.0.1:${waiting.port}/`)
      // So that it knows this from what another page makes a browser ask there.
      back.searchParams.set('for', waiting.challenge.toString('base64url'))
      if (ticket === null) back.searchParams.set('problem', problem ?? 'over')
      else back.searchParams.set('ticket', ticket)
      return reply.redirect(back.href, 303)
    } catch (error) {
      return showPage(request, reply.code(503), { problem: problemOf(error) })
    }
  })

  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: LOGOUT_BODY_BYTES },
      (_request, body, parsed) => parsed(null, new URLSearchParams(String(body))),
    )
    scope.post(SIGN_ON_PATHS.logout, async (request, reply) => {
      void reply.header('cache-control', 'no-store')
      const token =
        request.body instanceof URLSearchParams ? request.body.get('logout_token') : null
      try {
        await door(request, () => signOn.endByProvider(token ?? ''))
        return reply.code(200).send()
      } catch (error) {
        return refuseLogout(error, reply)
      }
    })
    done()
  })
}

/** As OpenID Connect Back-Channel Logout 1.0 says it, section 2.8. */
function refuseLogout(error: unknown, reply: FastifyReply): FastifyReply {
  if (error instanceof NoLogoutToken) return reply.code(400).send({ error: 'invalid_request' })
  if (error instanceof Failure && error.code === 'try_later') {
    return reply.code(503).header('retry-after', '5').send({ error: 'temporarily_unavailable' })
  }
  throw error
}

function problemOf(error: unknown): SignOnProblem {
  if (error instanceof NotSignedOn) return error.problem
  if (error instanceof Failure || isTransient(error)) return 'try_later'
  throw error
}

/** Sent back by the very browser that left, and read by no page. */
function cookie(signOn: SignOn, value: string, maxAgeSeconds: number): string {
  const isSecure = signOn.publicUrl().startsWith('https:')
  return [
    `${nameOf(isSecure)}=${value}`,
    `Max-Age=${maxAgeSeconds}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Lax',
    ...(isSecure ? ['Secure'] : []),
  ].join('; ')
}

/** With the prefix a browser takes it from nobody but this very server over TLS. */
const nameOf = (isSecure: boolean): string => (isSecure ? `__Host-${COOKIE}` : COOKIE)

function browserOf(signOn: SignOn, { headers }: FastifyRequest): string {
  const name = nameOf(signOn.publicUrl().startsWith('https:'))
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='))
  return pairs.find(([key]) => key === name)?.[1] ?? ''
}
