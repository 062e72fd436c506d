import { createHash } from 'node:crypto'

import { type FastifyInstance } from 'fastify'

/**
 * What a browser shows of an invitation's link, which is for the workstation: it has the token after the `#`, so that
 * none came here. The one thing that runs makes of the page's own address a link that opens Parley with it; nothing else
 * may run, and nothing may be loaded.
 */
const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1.5rem}' +
  'a{display:inline-block;padding:.5rem 1rem;border:1px solid;border-radius:6px;color:inherit;text-decoration:none}' +
  '[hidden]{display:none}'
const SCRIPT =
  "if(/^#[\\w-]{20,128}$/.test(location.hash))for(const link of document.querySelectorAll('a')){" +
  "link.href='parley://join#'+encodeURIComponent(location.origin+location.pathname+location.hash);" +
  'link.parentElement.hidden=false}'
const PAGE = `<!doctype html>
<html lang="es">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>Parley</title>
<style>${STYLE}</style>
<h1>Abre Parley para entrar</h1>
<p hidden><a>Abrir en Parley</a></p>
<p>Si no se abre, copia la dirección completa de esta página, abre Parley en tu computadora, elige
<strong>Tengo una invitación</strong> y pégala ahí. Sirve una sola vez.</p>
<h1 lang="en">Open Parley to sign in</h1>
<p lang="en" hidden><a>Open in Parley</a></p>
<p lang="en">If it does not open, copy this page’s whole address, open Parley on your computer, choose
<strong>I have an invitation</strong> and paste it there. It works once.</p>
<script>${SCRIPT}</script>
</html>
`
const hashOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`
const POLICY = [
  `default-src 'none'`,
  `style-src ${hashOf(STYLE)}`,
  `script-src ${hashOf(SCRIPT)}`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
].join('; ')

export function registerJoinPage(app: FastifyInstance): void {
  app.get('/join', (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('content-security-policy', POLICY).send(PAGE),
  )
}
