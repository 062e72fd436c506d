import { type FastifyInstance } from 'fastify'
import { type IncomingHttpHeaders, type Server } from 'node:http'
import { Server as TlsServer } from 'node:https'
import { type Socket } from 'node:net'

import { type Metrics } from '../platform/metrics.ts'
import { type ClientAddress } from './client-address.ts'

export interface AdmissionLimits {
  connections: number
  connectionsPerAddress: number
  bodyBytes: number
  bodyBytesPerAddress: number
}

/** Connections are of one process; a call centre may stand behind one address. Bodies are held in memory. */
export const ADMISSION_LIMITS: AdmissionLimits = {
  connections: 20_000,
  connectionsPerAddress: 2_000,
  bodyBytes: 128 * 1024 * 1024,
  bodyBytesPerAddress: 16 * 1024 * 1024,
}

const REFUSAL =
  'HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 5\r\ncontent-length: 0\r\n\r\n'

/** Sums by key, and over all, with a limit for each. */
class Allowance {
  readonly #perKey: number
  readonly #inAll: number
  readonly #taken = new Map<string, number>()
  #sum = 0

  constructor(perKey: number, inAll: number) {
    this.#perKey = perKey
    this.#inAll = inAll
  }

  /** @returns how it is given back, once; null where there is no room */
  take(key: string | null, amount: number): (() => void) | null {
    const ofKey = key === null ? 0 : (this.#taken.get(key) ?? 0)
    if (this.#sum + amount > this.#inAll || ofKey + amount > this.#perKey) return null
    this.#add(key, amount)
    let isTaken = true
    return () => {
      if (isTaken) this.#add(key, -amount)
      isTaken = false
    }
  }

  #add(key: string | null, amount: number): void {
    this.#sum += amount
    if (key === null) return
    const left = (this.#taken.get(key) ?? 0) + amount
    if (left === 0) this.#taken.delete(key)
    else this.#taken.set(key, left)
  }
}

/** Says 503 at once to what there is no room for, before anything of it is kept. */
export function limitAdmission(
  app: FastifyInstance,
  metrics: Metrics,
  clientAddress: ClientAddress,
  isProxy: (address: string | undefined) => boolean,
  limits: AdmissionLimits,
): void {
  const connections = new Allowance(limits.connectionsPerAddress, limits.connections)
  ;(app.server as Server).on('connection', (socket: Socket) => {
    // A proxy has the connections of all who come through it.
    const address = isProxy(socket.remoteAddress) ? null : clientAddress({ socket, headers: {} })
    const giveBack = connections.take(address, 1)
    if (giveBack !== null) {
      socket.once('close', giveBack)
      return
    }
    metrics.turnedAway.inc({ limit: 'connections' })
    // Whoever hangs up first takes nothing with them.
    socket.on('error', () => {})
    // Before a handshake there are no words.
    if (app.server instanceof TlsServer) socket.destroy()
    else socket.end(REFUSAL, () => socket.destroy())
  })

  const bodies = new Allowance(limits.bodyBytesPerAddress, limits.bodyBytes)
  app.addHook('onRequest', async (request, reply) => {
    const bytes = expectedBytes(request.headers, request.routeOptions.bodyLimit ?? 0)
    if (bytes === 0) return
    const giveBack = bodies.take(clientAddress(request.raw), bytes)
    if (giveBack !== null) {
      // However it ends: answered, or its connection gone.
      reply.raw.once('close', giveBack)
      return
    }
    metrics.turnedAway.inc({ limit: 'bodies' })
    return reply
      .code(503)
      .header('retry-after', '5')
      .header('connection', 'close')
      .send({ error: 'too much at once' })
  })
}

/** As long as it is said to be, at most what is read of it; without a word of it, as long as it may become. */
function expectedBytes(headers: IncomingHttpHeaders, bodyLimit: number): number {
  if (headers['transfer-encoding'] !== undefined) return bodyLimit
  return Math.min(Number(headers['content-length'] ?? 0), bodyLimit)
}
