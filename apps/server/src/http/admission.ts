import { type FastifyInstance } from 'fastify'
import { type IncomingHttpHeaders, type Server } from 'node:http'
import { Server as TlsServer } from 'node:https'
import { type Socket } from 'node:net'

import { Allowance } from '../platform/allowance.ts'
import { type Metrics } from '../platform/metrics.ts'
import { type ClientAddress } from './client-address.ts'

/** Connections are of one process; a call centre may stand behind one address. */
export const CONNECTIONS = { perAddress: 2_000, inAll: 20_000 }
/** Bodies are held in memory until they are whole. */
const BODY_BYTES = { perAddress: 16 * 1024 * 1024, inAll: 128 * 1024 * 1024 }

/** What there is no room for, on a socket that nobody reads as HTTP any more. */
export const REFUSAL =
  'HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 5\r\ncontent-length: 0\r\n\r\n'

/** Says 503 at once to what there is no room for, before anything of it is kept. */
export function limitAdmission(
  app: FastifyInstance,
  metrics: Metrics,
  clientAddress: ClientAddress,
  isProxy: (address: string | undefined) => boolean,
): void {
  const connections = new Allowance(CONNECTIONS)
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

  const bodies = new Allowance(BODY_BYTES)
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
