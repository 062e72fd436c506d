import { createHash } from 'node:crypto'

import { type SignOnProblem } from '@parley/domain'
import { type FastifyReply, type FastifyRequest } from 'fastify'

/** What a browser shows where no workstation waits for it: words, and nothing that runs or loads. */

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1.5rem}'
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; frame-ancestors 'none'`

type Language = 'es' | 'en'
const TITLE: Record<Language, string> = {
  es: 'No pudimos iniciar tu sesión',
  en: 'We couldn’t sign you in',
}
const AGAIN: Record<Language, string> = {
  es: 'Vuelve a Parley y elige otra vez cómo entrar.',
  en: 'Go back to Parley and choose how to sign in again.',
}
const LATER: Record<Language, string> = {
  es: 'El servidor o el directorio de tu empresa no responde. Espera un momento, vuelve a Parley e inténtalo otra vez.',
  en: 'The server or your company’s directory isn’t answering. Wait a moment, go back to Parley and try again.',
}
const IS_LATER: ReadonlySet<SignOnProblem> = new Set(['provider_unavailable', 'try_later'])

export function showPage(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { problem }: { problem: SignOnProblem },
): FastifyReply {
  const language: Language = /^\s*en\b/i.test(headers['accept-language'] ?? '') ? 'en' : 'es'
  const words = (IS_LATER.has(problem) ? LATER : AGAIN)[language]
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', POLICY)
    .header('cache-control', 'no-store').send(`<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Parley</title>
<style>${STYLE}</style>
<h1>${TITLE[language]}</h1>
<p>${words}</p>
</html>
`)
}
