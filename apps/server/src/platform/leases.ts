import pg from 'pg'

import { type Logger } from './logger.ts'

/**
 * "Only one process at a time", held by a connection: when the process dies, PostgreSQL lets go at once.
 * Session locks rather than a transaction, because an open transaction would hold back the change feed.
 */
export class Leases {
  readonly #connectionString: string
  readonly #logger: Logger
  readonly #held = new Set<string>()
  #client: pg.Client | null = null
  #stopped = false

  constructor(connectionString: string, logger: Logger) {
    this.#connectionString = connectionString
    this.#logger = logger
  }

  /** Null where another process, or another part of this one, holds it. */
  async tryTake(name: string): Promise<{ release(): Promise<void> } | null> {
    // One connection may take the same session lock twice, so this process keeps its own books.
    if (this.#held.has(name)) return null
    this.#held.add(name)
    let client: pg.Client
    try {
      client = await this.#connect()
      const { rows } = await client.query<{ taken: boolean }>({
        name: 'take-lease',
        text: 'SELECT pg_try_advisory_lock(hashtextextended($1, 1)) AS taken',
        values: [name],
      })
      if (rows[0]?.taken !== true) {
        this.#held.delete(name)
        return null
      }
    } catch (error) {
      this.#held.delete(name)
      throw error
    }
    return { release: () => this.#release(client, name) }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#client?.end()
  }

  async #release(client: pg.Client, name: string): Promise<void> {
    try {
      await client.query({
        name: 'release-lease',
        text: 'SELECT pg_advisory_unlock(hashtextextended($1, 1))',
        values: [name],
      })
    } catch (error) {
      // With its connection the lock is gone, too.
      this.#logger.warn({ err: error }, 'lease connection lost')
    } finally {
      this.#held.delete(name)
    }
  }

  #connecting: Promise<pg.Client> | null = null

  #connect(): Promise<pg.Client> {
    if (this.#stopped) return Promise.reject(new Error('leases are stopped'))
    this.#connecting ??= this.#open().catch((error: unknown) => {
      this.#connecting = null
      throw error
    })
    return this.#connecting
  }

  async #open(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.#connectionString,
      application_name: 'parley-leases',
      keepAlive: true,
    })
    client.on('error', (error) => this.#logger.warn({ err: error }, 'lease connection lost'))
    client.on('end', () => {
      if (this.#client === client) this.#client = null
      this.#connecting = null
    })
    await client.connect()
    this.#client = client
    return client
  }
}
