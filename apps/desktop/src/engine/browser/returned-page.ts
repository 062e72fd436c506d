import { createHash } from 'node:crypto'
import { type IncomingMessage, type ServerResponse } from 'node:http'

/** What the browser shows when its part is done: words, and nothing that runs, loads or keeps the address. */
const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1.5rem}'
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`

const WORDS = {
  es: {
    done: ['Listo: sigue en Parley', 'Ya puedes cerrar esta pestaña.'],
    failed: [
      'No pudimos iniciar tu sesión',
      'Parley te dice por qué. Ya puedes cerrar esta pestaña.',
    ],
  },
  en: {
    done: ['Done: carry on in Parley', 'You can close this tab.'],
    failed: ['We couldn’t sign you in', 'Parley tells you why. You can close this tab.'],
  },
} as const

export function showReturned(
  { headers }: IncomingMessage,
  response: ServerResponse,
  isDone: boolean,
): void {
  const language = /^\s*en\b/i.test(headers['accept-language'] ?? '') ? 'en' : 'es'
  const [title, detail] = WORDS[language][isDone ? 'done' : 'failed']
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': POLICY,
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    connection: 'close',
  }).end(`<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<title>Parley</title>
<style>${STYLE}</style>
<h1>${title}</h1>
<p>${detail}</p>
</html>
`)
}
