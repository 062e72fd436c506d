import fs from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { schemes } from './schemes.ts'

const TYPES: Record<string, string> = {
  '.avif': 'image/avif',
  '.css': 'text/css',
  '.gif': 'image/gif',
  '.html': 'text/html',
  '.ico': 'image/x-icon',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
  '.ogg': 'audio/ogg',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.wasm': 'application/wasm',
  '.wav': 'audio/wav',
  '.webm': 'video/webm',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
}

async function fetchFile(url: URL): Promise<Response> {
  const file = fileURLToPath(url)
  const stat = await fs.promises.stat(file).catch(() => undefined)
  if (!stat?.isFile()) throw new Error('net::ERR_FILE_NOT_FOUND')
  const headers = {
    'content-type': TYPES[path.extname(file).toLowerCase()] ?? 'application/octet-stream',
    'content-length': String(stat.size),
    'last-modified': stat.mtime.toUTCString(),
  }
  return new Response(Readable.toWeb(fs.createReadStream(file)) as ReadableStream<Uint8Array>, {
    headers,
  })
}

/** Electron's `net`: file: URLs, the app's own schemes, and http through Node (not through Chromium's network stack). */
export const net = {
  async fetch(
    input: string | Request,
    init?: RequestInit & { bypassCustomProtocolHandlers?: boolean },
  ): Promise<Response> {
    const url = new URL(typeof input === 'string' ? input : input.url)
    if (url.protocol === 'file:') return fetchFile(url)
    const handler = init?.bypassCustomProtocolHandlers
      ? undefined
      : schemes.handler(url.protocol.slice(0, -1))
    return handler ? handler(new Request(input, init)) : fetch(input, init)
  },
  /** Not observed: Node has no word on it, and Chromium says so of any interface but the loopback. */
  isOnline: () => true,
  online: true,
} satisfies Partial<Electron.Net>
