import { Server as HttpServer } from 'node:http'
import { Server as NetServer } from 'node:net'
import { type Duplex } from 'node:stream'

import { readEnv } from '../../../apps/server/src/env.ts'
import { createLogger, type Logger } from '../../../apps/server/src/platform/logger.ts'
import { startServer } from '../../../apps/server/src/server.ts'
import { Actor, currentActor } from './actor.ts'
import { type Reachable } from './network.ts'
import { postgres } from './postgres-watch.ts'

export const APP_SECRET = 'an-app-secret'
export const GRAPH_URL = 'http://graph.sim'
export const BUSINESS = { phoneNumberId: '106540352242922', displayPhoneNumber: '15550783881' }

const listeners = new Map<Actor, Set<HttpServer>>()

/** A server's own listening socket is where connections of the simulation are handed in. */
export function watchListening(): void {
  const prototype = NetServer.prototype as unknown as Record<string, unknown>
  const plain = prototype['listen'] as (this: unknown, ...given: unknown[]) => unknown
  prototype['listen'] = function (this: NetServer, ...given: unknown[]) {
    const owner = currentActor()
    if (owner !== null && this instanceof HttpServer) {
      listeners.set(owner, (listeners.get(owner) ?? new Set()).add(this))
    }
    return plain.apply(this, given)
  }
}

/** One server process: the real one, in an actor of its own. */
export class ServerProcess implements Reachable {
  readonly index: number
  readonly #complain: (error: unknown, message: string) => void
  actor: Actor
  isUp = false
  #lives = 0

  constructor(index: number, complain: (error: unknown, message: string) => void) {
    this.index = index
    this.#complain = complain
    this.actor = new Actor('server', `server ${index + 1}`)
  }

  async start(connectionString: string): Promise<void> {
    this.#lives += 1
    const actor = new Actor('server', `server ${this.index + 1}.${this.#lives}`)
    this.actor = actor
    await actor.run(() =>
      startServer({
        connectionString,
        secretKey: Buffer.alloc(32, 7).toString('base64'),
        logger: this.#logger(actor),
        env: readEnv({
          PORT: '0',
          WHATSAPP_APP_SECRET: APP_SECRET,
          WHATSAPP_VERIFY_TOKEN: 'a-verify-token',
          WHATSAPP_ACCESS_TOKEN: 'a-graph-token',
          WHATSAPP_PHONE_NUMBER_ID: BUSINESS.phoneNumberId,
          WHATSAPP_GRAPH_URL: GRAPH_URL,
        }),
      }),
    )
    this.isUp = true
  }

  accept(connection: Duplex): void {
    for (const server of listeners.get(this.actor) ?? []) server.emit('connection', connection)
  }

  /** kill -9. @returns the database sessions that it had */
  kill(): number[] {
    this.isUp = false
    this.actor.isAlive = false
    for (const server of listeners.get(this.actor) ?? []) server.close()
    listeners.delete(this.actor)
    return postgres.cutOff(this.actor)
  }

  /** What a server logs as an error is a fault of its own, and found. */
  #logger(actor: Actor): Logger {
    const logger = createLogger(process.env['SIMULATION_LOG'] ?? 'silent')
    const complain = (given: unknown, message: unknown): void => {
      if (!actor.isAlive) return
      const { err } = (given ?? {}) as { err?: unknown }
      this.#complain(err ?? given, typeof message === 'string' ? message : String(given))
    }
    const listening = (plain: Logger): Logger =>
      new Proxy(plain, {
        get(target, name, receiver) {
          if (name === 'error' || name === 'fatal') return complain
          if (name === 'child') {
            return (bindings: object) => listening(target.child(bindings) as unknown as Logger)
          }
          return Reflect.get(target, name, receiver) as unknown
        },
      })
    return listening(logger)
  }
}
