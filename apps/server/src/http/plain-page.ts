import { createHash } from 'node:crypto'

import { type FastifyReply } from 'fastify'

/** A page that tells a person something and belongs to nobody's screen. */
export interface PlainPage {
  language: 'es' | 'en'
  body: string
  /** Besides what every such page looks like. */
  style?: string
  /** The only thing that may run. */
  script?: string
}

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1.5rem}'

/** Loads nothing, leads nowhere by itself, and tells nobody where it was. */
export function sendPage(
  reply: FastifyReply,
  { language, body, style = '', script = '' }: PlainPage,
): FastifyReply {
  const whole = STYLE + style
  const policy = [
    `default-src 'none'`,
    `style-src ${hashOf(whole)}`,
    ...(script === '' ? [] : [`script-src ${hashOf(script)}`]),
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ]
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', policy.join('; '))
    .header('cache-control', 'no-store').send(`<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>Parley</title>
<style>${whole}</style>
${body}
${script === '' ? '' : `<script>${script}</script>\n`}</html>
`)
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
