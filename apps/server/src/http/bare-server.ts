import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type Socket } from 'node:net'

import { type Metrics } from '../platform/metrics.ts'
import { type Certificate } from './certificate.ts'

/** A request's head, and all of it: 3 MB at 1 Mbit/s. Whoever is slower is not a person nor Meta. */
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
const CHECKED_EVERY_MS = 1_000
/** Longer than a proxy keeps its connections, so that it is the proxy that ends them. */
const KEEP_ALIVE_MS = 72_000
/**
 * Requests of one connection whose answers it has not waited for. Nobody of ours sends a second, and hundreds fit into
 * one packet, all of which would be begun before anybody else is heard.
 */
const REQUESTS_AT_ONCE = 4

/** For a browser that somebody leads here: nothing of it is a page, to be kept or framed. */
const HARMLESS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}
const ONLY_TLS = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }
/** What speaks HTTP, with a certificate over TLS and nothing else, before anything is known of what is asked. */
export function createBareServer(
  answer: RequestListener,
  tls: Certificate['context'] | null,
  metrics: Metrics,
): Server {
  const options = {
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: CHECKED_EVERY_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  }
  const headers = new Map(Object.entries(tls === null ? HARMLESS : { ...HARMLESS, ...ONLY_TLS }))
  const underWay = new WeakMap<Socket, number>()
  const answerInTurn: RequestListener = (request, response) => {
    const { socket } = request
    const requests = (underWay.get(socket) ?? 0) + 1
    underWay.set(socket, requests)
    if (requests > REQUESTS_AT_ONCE) {
      if (!socket.destroyed) metrics.turnedAway.inc({ limit: 'requests of a connection' })
      socket.destroy()
      return
    }
    response.once('close', () => underWay.set(socket, (underWay.get(socket) ?? 1) - 1))
    response.setHeaders(headers)
    answer(request, response)
  }
  if (tls === null) return createServer(options, answerInTurn)
  return createTlsServer({ ...options, ...tls, handshakeTimeout: HEADERS_TIMEOUT_MS }, answerInTurn)
}
