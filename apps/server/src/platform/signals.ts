import { setTimeout } from 'node:timers/promises'

import { closeClient, createClient } from '@parley/database'
import type pg from 'pg'

import { type Logger } from './logger.ts'

/**
 * Wake-up calls between server processes over NOTIFY. They carry no truth, only "look again", and may be
 * lost; whoever listens has a sweep. Calls are coalesced and sent outside the transactions that cause
 * them, because NOTIFY inside one takes a global lock at its commit.
 */
export const SIGNALS = [
  'feed',
  'routing',
  'delivery',
  'sessions',
  'sla',
  'sla_terms',
  'group_rights',
] as const
export type Signal = (typeof SIGNALS)[number]

/** The least time between two calls to the other processes. */
const GATHER_MS = 5
/**
 * Whoever only listens is not told that nobody speaks any more, so the connection is asked this often, and has to
 * answer within that time.
 */
const HEARTBEAT_MS = 4_000
const ANSWER_TIMEOUT_MS = 4_000
const FIRST_RETRY_MS = 250
const LONGEST_RETRY_MS = 4_000

type Listener = (payload: string) => void

export class Signals {
  readonly #connectionString: string
  readonly #logger: Logger
  readonly #listeners = new Map<Signal, Set<Listener>>()
  readonly #waiting = new Map<string, { signal: Signal; payload: string }>()
  readonly #origin = `${process.pid}.${Math.random().toString(36).slice(2)}`
  #client: pg.Client | null = null
  #sending = false
  #stopped = false
  /** The next heartbeat, or the next try to connect. */
  #timer: NodeJS.Timeout | undefined

  /** @param connectionString a direct connection: a transaction pooler loses LISTEN */
  constructor(connectionString: string, logger: Logger) {
    this.#connectionString = connectionString
    this.#logger = logger
  }

  /** Whether the other processes are heard. Without that, sweeps do, a second or two later. */
  get isListening(): boolean {
    return this.#client !== null
  }

  async start(): Promise<void> {
    const client = createClient(this.#connectionString, {
      applicationName: 'parley-signals',
      queryTimeoutMs: ANSWER_TIMEOUT_MS,
    })
    client.on('notification', ({ channel, payload }) => this.#receive(channel, payload ?? ''))
    client.on('error', (error) => this.#lost(client, error))
    client.on('end', () => this.#lost(client, new Error('connection ended')))
    try {
      await client.connect()
      for (const signal of SIGNALS) await client.query(`LISTEN parley_${signal}`)
    } catch (error) {
      await closeClient(client)
      throw error
    }
    if (this.#stopped) return closeClient(client)
    this.#client = client
    this.#beatLater(client)
    // Whatever was said while nobody listened: look everywhere once.
    for (const signal of SIGNALS) this.#tell(signal, '')
    if (!this.#sending) void this.#flush()
  }

  on(signal: Signal, listener: Listener): () => void {
    const listeners = this.#listeners.get(signal) ?? new Set()
    listeners.add(listener)
    this.#listeners.set(signal, listeners)
    return () => listeners.delete(listener)
  }

  /** Wakes this process at once and the others soon. */
  send(signal: Signal, payload = ''): void {
    this.#tell(signal, payload)
    this.#waiting.set(`${signal}:${payload}`, { signal, payload })
    if (!this.#sending) void this.#flush()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    const client = this.#client
    this.#client = null
    if (client !== null) await closeClient(client)
  }

  async #flush(): Promise<void> {
    this.#sending = true
    while (this.#waiting.size > 0 && this.#client !== null) {
      const client = this.#client
      const calls = [...this.#waiting.values()]
      this.#waiting.clear()
      try {
        await client.query({
          name: 'notify',
          text: `SELECT pg_notify('parley_' || signal, payload) FROM unnest($1::text[], $2::text[]) AS t(signal, payload)`,
          values: [
            calls.map((call) => call.signal),
            calls.map((call) => `${this.#origin} ${call.payload}`),
          ],
        })
        // Under load, calls gather for a moment: a notification is a transaction of its own.
        await setTimeout(GATHER_MS)
      } catch (error) {
        // The others' sweeps are the net.
        this.#lost(client, error)
      }
    }
    this.#sending = false
  }

  #receive(channel: string, message: string): void {
    const space = message.indexOf(' ')
    if (message.slice(0, space) === this.#origin) return
    this.#tell(channel.replace('parley_', '') as Signal, message.slice(space + 1))
  }

  #tell(signal: Signal, payload: string): void {
    for (const listener of this.#listeners.get(signal) ?? []) listener(payload)
  }

  #beatLater(client: pg.Client): void {
    this.#timer = globalThis.setTimeout(() => {
      client.query('SELECT 1').then(
        () => {
          if (this.#client === client) this.#beatLater(client)
        },
        (error: unknown) => this.#lost(client, error),
      )
    }, HEARTBEAT_MS)
  }

  /** However it is noticed: by its end, by an error, by silence. */
  #lost(client: pg.Client, error: unknown): void {
    if (this.#stopped || this.#client !== client) return
    this.#client = null
    clearTimeout(this.#timer)
    this.#logger.warn({ err: error }, 'listening connection lost; reconnecting')
    void closeClient(client)
    this.#reconnect(FIRST_RETRY_MS)
  }

  #reconnect(delayMs: number): void {
    this.#timer = globalThis.setTimeout(() => {
      this.start().catch((error: unknown) => {
        this.#logger.warn({ err: error }, 'could not reconnect the listening connection')
        if (!this.#stopped) this.#reconnect(Math.min(delayMs * 2, LONGEST_RETRY_MS))
      })
    }, delayMs)
  }
}
