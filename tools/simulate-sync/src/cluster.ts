import { randomBytes } from 'node:crypto'

import { startTestServer, createTestDatabase } from '@parley/database/testing'
import { hash } from '@node-rs/argon2'
import pg from 'pg'

/**
 * PostgreSQL for all seeds: real, but with the simulation's time. `now()` and `clock_timestamp()` are found in a schema
 * that goes before PostgreSQL's own, and say what the simulation has written there, with some microseconds on top so
 * that no two transactions are at the same instant.
 */
const SIMULATED_TIME = `
  CREATE SCHEMA sim;
  CREATE UNLOGGED TABLE sim.clock (at TIMESTAMPTZ NOT NULL, set_at TIMESTAMPTZ NOT NULL);
  INSERT INTO sim.clock VALUES ('2026-03-02T15:00:00Z', pg_catalog.clock_timestamp());
  CREATE FUNCTION sim.now() RETURNS TIMESTAMPTZ LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT at + LEAST(GREATEST(pg_catalog.now() - set_at, '0') / 1000, '900 microseconds') FROM sim.clock $$;
  CREATE FUNCTION sim.clock_timestamp() RETURNS TIMESTAMPTZ LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT at + LEAST(GREATEST(pg_catalog.clock_timestamp() - set_at, '0') / 1000, '900 microseconds') FROM sim.clock $$;
  CREATE FUNCTION sim.transaction_timestamp() RETURNS TIMESTAMPTZ LANGUAGE sql STABLE AS 'SELECT sim.now()';
  CREATE FUNCTION sim.statement_timestamp() RETURNS TIMESTAMPTZ LANGUAGE sql STABLE AS 'SELECT sim.now()';
  DO $$ DECLARE one RECORD; BEGIN
    FOR one IN
      SELECT c.oid::regclass AS owner, a.attname AS name, pg_get_expr(d.adbin, d.adrelid) AS preset
      FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.adnum
      WHERE c.relnamespace = 'public'::regnamespace
        AND pg_get_expr(d.adbin, d.adrelid) ~ '^(now|clock_timestamp)\\(\\)$'
    LOOP
      EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT sim.%s', one.owner, one.name, one.preset);
    END LOOP;
  END $$;`

export const PASSWORD = 'correct horse battery staple'

export interface Cluster {
  /** Of everybody's password. */
  readonly passwordHash: string
  clone(): Promise<SimulatedDatabase>
  stop(): Promise<void>
}

export interface SimulatedDatabase {
  readonly connectionString: string
  readonly name: string
  /** The simulation's own way in, beside the product. */
  query<Row extends object>(sql: string, parameters?: unknown[]): Promise<Row[]>
  /** The moment is kept, to be gone back to. Nobody else may be connected. */
  keepMoment(): Promise<void>
  /** As after a restore from backup: everything is as it was then, and a new epoch begins. */
  goBack(): Promise<void>
  drop(): Promise<void>
}

export async function startCluster(): Promise<Cluster> {
  const server = await startTestServer()
  const blank = await createTestDatabase({ serverUrl: server.connectionString })
  const template = blank.name
  await blank.pool.query(SIMULATED_TIME)
  await blank.pool.query(`ALTER DATABASE ${template} SET synchronous_commit = on`)
  await blank.pool.end()
  // What is slow on purpose is not what is looked at here.
  const passwordHash = await hash(PASSWORD, { memoryCost: 1024, timeCost: 1 })
  const maintenance = urlOf(server.connectionString, 'postgres')
  const onServer = async (...statements: string[]): Promise<void> => {
    const client = new pg.Client({ connectionString: maintenance })
    await client.connect()
    try {
      for (const statement of statements) await client.query(statement)
    } finally {
      await client.end()
    }
  }

  return {
    passwordHash,
    async clone() {
      const name = `simulated_${randomBytes(6).toString('hex')}`
      await onServer(`CREATE DATABASE ${name} TEMPLATE ${template}`, ...settingsOf(name))
      return new OneDatabase(urlOf(server.connectionString, name), name, onServer)
    },
    async stop() {
      await onServer(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`)
      await server.stop()
    },
  }
}

/** A clone has a template's rows, and none of its settings. */
const settingsOf = (name: string): string[] => [
  `ALTER DATABASE ${name} SET search_path = sim, pg_catalog, public`,
  `ALTER DATABASE ${name} SET synchronous_commit = on`,
]

class OneDatabase implements SimulatedDatabase {
  readonly connectionString: string
  readonly name: string
  readonly #onServer: (...statements: string[]) => Promise<void>
  #client: pg.Client | null = null
  #hasMoment = false

  constructor(
    connectionString: string,
    name: string,
    onServer: (...statements: string[]) => Promise<void>,
  ) {
    this.connectionString = connectionString
    this.name = name
    this.#onServer = onServer
  }

  async query<Row extends object>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    if (this.#client === null) {
      this.#client = new pg.Client({ connectionString: this.connectionString })
      this.#client.on('error', () => {})
      await this.#client.connect()
      // In one's own time zone instants would be compared as they are written.
      await this.#client.query(`SET timezone = 'UTC'`)
    }
    const { rows } = await this.#client.query<Row>(sql, parameters)
    return rows
  }

  async #leave(): Promise<void> {
    const client = this.#client
    this.#client = null
    await client?.end()
  }

  async keepMoment(): Promise<void> {
    await this.#leave()
    if (this.#hasMoment) await this.#onServer(`DROP DATABASE ${this.name}_then WITH (FORCE)`)
    await this.#onServer(`CREATE DATABASE ${this.name}_then TEMPLATE ${this.name}`)
    this.#hasMoment = true
  }

  async goBack(): Promise<void> {
    await this.#leave()
    await this.#onServer(
      `DROP DATABASE ${this.name} WITH (FORCE)`,
      `CREATE DATABASE ${this.name} TEMPLATE ${this.name}_then`,
      ...settingsOf(this.name),
    )
    await this.query('UPDATE feed_state SET epoch = gen_random_uuid()')
  }

  async drop(): Promise<void> {
    await this.#leave()
    await this.#onServer(
      `DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`,
      `DROP DATABASE IF EXISTS ${this.name}_then WITH (FORCE)`,
    )
  }
}

function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.href
}
