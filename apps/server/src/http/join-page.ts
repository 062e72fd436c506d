import { createHash } from 'node:crypto'

import { type FastifyInstance } from 'fastify'

/**
 * What a browser shows of an invitation's link, which is for the workstation: it has the token after the `#`, so that
 * none came here, and nothing on the page may run or load anything.
 */
const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1.5rem}'
const PAGE = `<!doctype html>
<html lang="es">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Parley</title>
<style>${STYLE}</style>
<h1>Abre Parley para entrar</h1>
<p>Copia la dirección completa de esta página, abre Parley en tu computadora, elige
<strong>Tengo una invitación</strong> y pégala ahí. Sirve una sola vez.</p>
<h1 lang="en">Open Parley to sign in</h1>
<p lang="en">Copy this page’s whole address, open Parley on your computer, choose
<strong>I have an invitation</strong> and paste it there. It works once.</p>
</html>
`
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; frame-ancestors 'none'`

export function registerJoinPage(app: FastifyInstance): void {
  app.get('/join', (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('content-security-policy', POLICY).send(PAGE),
  )
}
