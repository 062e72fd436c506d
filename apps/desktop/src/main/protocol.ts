import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'

import { protocol } from 'electron'

import { APP_HOST, APP_SCHEME } from './app-identity.ts'
import { FAILURE_PAGE_FILES } from './failure-page.ts'
import type { Log } from './log.ts'

/** What a build of the renderer consists of. Anything else in the folder is not served. */
const MIME_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mp3': 'audio/mpeg',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.wav': 'audio/wav',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

/** The page reaches its own files and nothing else: no network, no inline code, no frames. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  // Files come from this disk; a copy in a browser's cache would outlive an update.
  'cache-control': 'no-store',
} as const

/** Before the app is ready: afterwards Chromium takes no more schemes. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: {
        standard: true,
        secure: true,
        supportFetchAPI: true,
        // What V8 has compiled once it compiles no more: by what the files hold, so an update is not taken for what was.
        codeCache: true,
      },
    },
  ])
}

/** Serves the built renderer, and nothing else of this machine, as `app://parley/`. */
export function serveRenderer(folder: string, log: Log): void {
  protocol.handle(APP_SCHEME, (request) => respond(request, folder, log))
}

async function respond(request: Request, folder: string, log: Log): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return failed(405)
  const path = assetPath(request.url)
  // Chromium asks for it unbidden; the window's icon comes from the package.
  if (path === 'favicon.ico') return new Response(null, { status: 204, headers: HEADERS })
  const type = path === null ? undefined : MIME_TYPES[extname(path)]
  if (path === null || type === undefined) return notFound(request.url, log)
  const body = FAILURE_PAGE_FILES[path] ?? (await read(join(folder, path)))
  if (body === null) return notFound(request.url, log)
  const headers = { ...HEADERS, 'content-type': type }
  return new Response(request.method === 'HEAD' ? null : body, { headers })
}

/**
 * The file that a URL of ours names, relative to the renderer's folder; null if it names none. Only plain
 * names between slashes: with no dot in front, no drive, no backslash and nothing left encoded there is no way
 * out of the folder, on any system.
 */
export function assetPath(url: string): string | null {
  if (!URL.canParse(url)) return null
  const { protocol: scheme, host, pathname } = new URL(url)
  if (scheme !== `${APP_SCHEME}:` || host !== APP_HOST) return null
  const names = (pathname.length <= 1 ? '/index.html' : pathname).slice(1).split('/')
  return names.every((name) => /^[\w-][\w.~-]*$/.test(name)) ? names.join('/') : null
}

async function read(file: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return new Uint8Array(await readFile(file))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return null
    throw error
  }
}

/** A page of ours that lacks one of its files is a broken build: the log is where that shows. */
function notFound(url: string, log: Log): Response {
  log.warn('the page asked for a file that is not there', { path: url.slice(0, 200) })
  return failed(404)
}

function failed(status: number): Response {
  return new Response(null, { status, headers: HEADERS })
}
