import { type FastifyInstance } from 'fastify'

import { sendPage } from './plain-page.ts'

/**
 * What a browser shows of an invitation's link, which is for the workstation: it has the token after the `#`, so that
 * none came here. The one thing that runs makes of the page's own address a link that opens Parley with it.
 */
const STYLE =
  'a{display:inline-block;padding:.5rem 1rem;border:1px solid;border-radius:6px;color:inherit;text-decoration:none}' +
  '[hidden]{display:none}'
const SCRIPT =
  "if(/^#[\\w-]{20,128}$/.test(location.hash))for(const link of document.querySelectorAll('a')){" +
  "link.href='parley://join#'+encodeURIComponent(location.origin+location.pathname+location.hash);" +
  'link.parentElement.hidden=false}'
const BODY = `<h1>Abre Parley para entrar</h1>
<p hidden><a>Abrir en Parley</a></p>
<p>Si no se abre, copia la dirección completa de esta página, abre Parley en tu computadora, elige
<strong>Tengo una invitación</strong> y pégala ahí. Sirve una sola vez.</p>
<h1 lang="en">Open Parley to sign in</h1>
<p lang="en" hidden><a>Open in Parley</a></p>
<p lang="en">If it does not open, copy this page’s whole address, open Parley on your computer, choose
<strong>I have an invitation</strong> and paste it there. It works once.</p>`

export function registerJoinPage(app: FastifyInstance): void {
  app.get('/join', (_request, reply) =>
    sendPage(reply, { language: 'es', body: BODY, style: STYLE, script: SCRIPT }),
  )
}
