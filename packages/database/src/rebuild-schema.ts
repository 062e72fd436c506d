import type pg from 'pg'
import { createBookkeeping, recordMigration } from './migrate.ts'
import type { Migration } from './migration-files.ts'

/**
 * Replaces everything of ours in `public` by the empty schema that the given migrations make, inside the
 * caller's transaction. Extensions and what belongs to them stay.
 */
export async function rebuildSchema(client: pg.ClientBase, migrations: Migration[]): Promise<void> {
  await dropOwnObjects(client)
  await createBookkeeping(client)
  for (const migration of migrations) {
    // Outside a transaction only because others must not wait; on empty tables nobody does.
    await client.query(
      migration.inTransaction ? migration.sql : migration.sql.replaceAll(/\bCONCURRENTLY\b/gi, ''),
    )
    await recordMigration(client, migration)
  }
}

const NOT_OF_AN_EXTENSION = (catalogue: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalogue}'::regclass AND d.objid = o.oid AND d.deptype = 'e')`

/** The statements' own order is that of what depends on what: views, tables, routines, types. */
const OWN_OBJECTS = [
  `SELECT format('DROP VIEW IF EXISTS %s CASCADE', o.oid::regclass) AS statement FROM pg_class o
   WHERE relnamespace = 'public'::regnamespace AND relkind = 'v' AND ${NOT_OF_AN_EXTENSION('pg_class')}`,
  `SELECT format('DROP MATERIALIZED VIEW IF EXISTS %s CASCADE', o.oid::regclass) AS statement FROM pg_class o
   WHERE relnamespace = 'public'::regnamespace AND relkind = 'm' AND ${NOT_OF_AN_EXTENSION('pg_class')}`,
  `SELECT format('DROP TABLE IF EXISTS %s CASCADE', o.oid::regclass) AS statement FROM pg_class o
   WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
     AND ${NOT_OF_AN_EXTENSION('pg_class')}`,
  `SELECT format('DROP SEQUENCE IF EXISTS %s CASCADE', o.oid::regclass) AS statement FROM pg_class o
   WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' AND ${NOT_OF_AN_EXTENSION('pg_class')}`,
  `SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', o.oid::regprocedure) AS statement FROM pg_proc o
   WHERE pronamespace = 'public'::regnamespace AND ${NOT_OF_AN_EXTENSION('pg_proc')}`,
  `SELECT format('DROP TYPE IF EXISTS %s CASCADE', o.oid::regtype) AS statement FROM pg_type o
   WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd', 'r', 'c') AND typrelid = 0
     AND ${NOT_OF_AN_EXTENSION('pg_type')}`,
]

async function dropOwnObjects(client: pg.ClientBase): Promise<void> {
  for (const list of OWN_OBJECTS) {
    // Listed anew each time: what CASCADE took with it is not there to be dropped again.
    const { rows } = await client.query<{ statement: string }>(list)
    for (const { statement } of rows) await client.query(statement)
  }
}
