import { randomBytes } from 'node:crypto'

import { startTestServer, createTestDatabase } from '@parley/database/testing'
import { hash } from '@node-rs/argon2'
import pg from 'pg'

/**
 * PostgreSQL for all seeds: real, but with the simulation's time and chance. `now()`, `clock_timestamp()` and
 * `gen_random_uuid()` are found in a schema that goes before PostgreSQL's own. It is the time that the simulation has
 * written there, with some microseconds on top: one for each time that somebody asks, so that no two transactions are at
 * the same instant, however quick the machine. Ids come of the seed. Nothing runs by itself: no statistics, no vacuum.
 */
const SIMULATED_TIME = `
  CREATE SCHEMA sim;
  CREATE SEQUENCE sim.tick;
  CREATE SEQUENCE sim.ids;
  CREATE UNLOGGED TABLE sim.clock (at TIMESTAMPTZ NOT NULL, salt TEXT NOT NULL);
  INSERT INTO sim.clock VALUES ('2026-03-02T15:00:00Z', '');
  CREATE FUNCTION sim.clock_timestamp() RETURNS TIMESTAMPTZ LANGUAGE sql VOLATILE AS $$
    SELECT at + LEAST(nextval('sim.tick'), 900) * INTERVAL '1 microsecond' FROM sim.clock $$;
  CREATE FUNCTION sim.now() RETURNS TIMESTAMPTZ LANGUAGE sql STABLE AS $$
    SELECT COALESCE(
      NULLIF(current_setting('sim.began', TRUE), ''),
      set_config('sim.began', sim.clock_timestamp()::text, TRUE))::timestamptz $$;
  CREATE FUNCTION sim.transaction_timestamp() RETURNS TIMESTAMPTZ LANGUAGE sql STABLE AS 'SELECT sim.now()';
  CREATE FUNCTION sim.statement_timestamp() RETURNS TIMESTAMPTZ LANGUAGE sql STABLE AS 'SELECT sim.now()';
  CREATE FUNCTION sim.gen_random_uuid() RETURNS UUID LANGUAGE sql VOLATILE AS $$
    SELECT overlay(overlay(md5(salt || nextval('sim.ids')) PLACING '4' FROM 13) PLACING 'a' FROM 17)::uuid
    FROM sim.clock $$;
  DO $$ DECLARE one RECORD; BEGIN
    FOR one IN
      SELECT c.oid::regclass AS owner, a.attname AS name, pg_get_expr(d.adbin, d.adrelid) AS preset
      FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.adnum
      WHERE c.relnamespace = 'public'::regnamespace
        AND pg_get_expr(d.adbin, d.adrelid) ~ '^(now|clock_timestamp|gen_random_uuid)\\(\\)$'
    LOOP
      EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT sim.%s', one.owner, one.name, one.preset);
    END LOOP;
    FOR one IN SELECT oid::regclass AS owner FROM pg_class
      WHERE relnamespace IN ('public'::regnamespace, 'sim'::regnamespace) AND relkind = 'r'
    LOOP
      EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = FALSE)', one.owner);
    END LOOP;
  END $$;`

/**
 * Since when each person may see each conversation, or may not any more, and whether they lead those who have it: written
 * down with every change by which that comes about.
 */
const REACH = `
  CREATE TABLE sim.reach (
    person_id UUID NOT NULL, conversation_id UUID NOT NULL, is_visible BOOLEAN NOT NULL,
    is_leading BOOLEAN NOT NULL, at TIMESTAMPTZ NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY);
  CREATE INDEX reach_of ON sim.reach(person_id, conversation_id, number);
  CREATE FUNCTION sim.note_reach(person UUID, conversation UUID) RETURNS VOID LANGUAGE sql AS $$
    INSERT INTO sim.reach (person_id, conversation_id, is_visible, is_leading, at)
    SELECT u.id, c.id, now_visible, now_leading, (SELECT at FROM sim.clock)
    FROM public.users u CROSS JOIN public.conversations c
    CROSS JOIN LATERAL (SELECT u.is_active AND (u.role IN ('supervisor', 'admin') OR c.assigned_to IS NOT DISTINCT FROM u.id
      OR EXISTS (SELECT 1 FROM public.team_memberships m WHERE m.user_id = u.id AND m.team_id = c.team_id)),
      u.role IN ('supervisor', 'admin') OR (u.role = 'team_lead' AND EXISTS (
        SELECT 1 FROM public.team_memberships m WHERE m.user_id = u.id AND m.team_id = c.team_id))) AS n(now_visible, now_leading)
    WHERE (person IS NULL OR u.id = person) AND (conversation IS NULL OR c.id = conversation)
      AND NOT EXISTS (SELECT 1 FROM (
        SELECT r.is_visible, r.is_leading FROM sim.reach r WHERE r.person_id = u.id AND r.conversation_id = c.id
        ORDER BY r.number DESC LIMIT 1) last WHERE last.is_visible = now_visible AND last.is_leading = now_leading) $$;
  CREATE FUNCTION sim.reach_changed() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
    IF TG_TABLE_NAME = 'conversations' THEN PERFORM sim.note_reach(NULL, NEW.id);
    ELSIF TG_TABLE_NAME = 'users' THEN PERFORM sim.note_reach(NEW.id, NULL);
    ELSIF TG_OP = 'DELETE' THEN PERFORM sim.note_reach(OLD.user_id, NULL);
    ELSE PERFORM sim.note_reach(NEW.user_id, NULL);
    END IF;
    RETURN NULL;
  END $$;
  CREATE TRIGGER sim_reach AFTER INSERT OR UPDATE OF team_id, assigned_to ON public.conversations
    FOR EACH ROW EXECUTE FUNCTION sim.reach_changed();
  CREATE TRIGGER sim_reach AFTER INSERT OR UPDATE OF role, is_active ON public.users
    FOR EACH ROW EXECUTE FUNCTION sim.reach_changed();
  CREATE TRIGGER sim_reach AFTER INSERT OR DELETE ON public.team_memberships
    FOR EACH ROW EXECUTE FUNCTION sim.reach_changed();`

export const PASSWORD = 'correct horse battery staple'

export interface Cluster {
  /** Of everybody's password. */
  readonly passwordHash: string
  clone(seed: number): Promise<SimulatedDatabase>
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
  await blank.pool.query(REACH)
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
    async clone(seed) {
      const name = `simulated_${randomBytes(6).toString('hex')}`
      await onServer(`CREATE DATABASE ${name} TEMPLATE ${template}`, ...settingsOf(name))
      const database = new OneDatabase(urlOf(server.connectionString, name), name, onServer)
      await database.query('UPDATE sim.clock SET salt = $1', [`${seed} `])
      return database
    },
    async stop() {
      await onServer(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`)
      await server.stop()
    },
  }
}

/** A clone has a template's rows, and none of its settings. */
const settingsOf = (name: string): string[] =>
  [
    'search_path = sim, pg_catalog, public',
    'synchronous_commit = on',
    'max_parallel_workers_per_gather = 0',
  ].map((setting) => `ALTER DATABASE ${name} SET ${setting}`)

class OneDatabase implements SimulatedDatabase {
  readonly connectionString: string
  readonly name: string
  readonly #onServer: (...statements: string[]) => Promise<void>
  #client: pg.Client | null = null
  #hasMoment = false
  #restores = 0

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
    // What is given out from now on is not what was given out after the backup.
    await this.query('UPDATE sim.clock SET salt = salt || $1', [`${++this.#restores} `])
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
