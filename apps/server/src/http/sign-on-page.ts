import { type SignOnProblem } from '@parley/domain'
import { type FastifyReply, type FastifyRequest } from 'fastify'

import { sendPage, type PlainPage } from './plain-page.ts'

type Language = PlainPage['language']
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

/** What a browser shows where no workstation waits for it. */
export function showPage(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { problem }: { problem: SignOnProblem },
): FastifyReply {
  const language: Language = /^\s*en\b/i.test(headers['accept-language'] ?? '') ? 'en' : 'es'
  const words = (IS_LATER.has(problem) ? LATER : AGAIN)[language]
  return sendPage(reply, { language, body: `<h1>${TITLE[language]}</h1>\n<p>${words}</p>` })
}
