import type pg from 'pg'
import { DatabaseError } from './database-error.ts'
import type { BackupSequence } from './backup-format.ts'

export type TableInfo = {
  /** `schema.table`, unquoted, as backups name it. */
  name: string
  quotedName: string
  columns: string[]
  quotedColumns: string[]
}

/** The schemas of ours: Parley's tables and the job queue's. */
const SCHEMAS = ['public', 'graphile_worker']

/** Which migrations a database has is a fact of that database, not of the data. */
const BOOKKEEPING = [
  'public.parley_migrations',
  'public.parley_schema',
  'graphile_worker.migrations',
]

// Not in a backup: columns that PostgreSQL computes, and transaction ids (xid8), which mean nothing in another
// cluster. A restored row takes the column's default, the id of the restoring transaction.
const LEFT_OUT = `(a.attgenerated <> '' OR a.atttypid = 'xid8'::regtype)`

/**
 * The tables whose rows are data, by name. Partitions are read through their parent; what belongs to an
 * extension is the extension's.
 * @throws DatabaseError `backup-failed` for a transaction id that could not be restored
 */
export async function listTables(client: pg.ClientBase): Promise<TableInfo[]> {
  const { rows } = await client.query<TableInfo & { unrestorable: string | null }>(
    `SELECT n.nspname || '.' || c.relname AS name,
            format('%I.%I', n.nspname, c.relname) AS "quotedName",
            array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE NOT ${LEFT_OUT}) AS columns,
            array_agg(quote_ident(a.attname) ORDER BY a.attnum) FILTER (WHERE NOT ${LEFT_OUT}) AS "quotedColumns",
            max(a.attname) FILTER (WHERE a.atttypid = 'xid8'::regtype AND a.attnotnull AND NOT a.atthasdef) AS unrestorable
     FROM pg_class c
     JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND n.nspname || '.' || c.relname <> ALL ($2)
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
     GROUP BY n.nspname, c.relname
     ORDER BY n.nspname, c.relname`,
    [SCHEMAS, BOOKKEEPING],
  )
  return rows.map(({ unrestorable, ...table }) => {
    if (unrestorable === null) return table
    throw new DatabaseError(
      'backup-failed',
      `${table.name}.${unrestorable} is a transaction id without a default; it could not be restored`,
    )
  })
}

/** Every sequence of ours with its state. */
export async function listSequences(client: pg.ClientBase): Promise<BackupSequence[]> {
  const { rows: names } = await client.query<{ name: string; quotedName: string }>(
    `SELECT n.nspname || '.' || c.relname AS name, format('%I.%I', n.nspname, c.relname) AS "quotedName"
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ANY ($1) AND c.relkind = 'S' ORDER BY 1`,
    [SCHEMAS],
  )
  const sequences: BackupSequence[] = []
  for (const { name, quotedName } of names) {
    const { rows } = await client.query<{ value: string; isCalled: boolean }>(
      `SELECT last_value::text AS value, is_called AS "isCalled" FROM ${quotedName}`,
    )
    for (const state of rows) sequences.push({ name, ...state })
  }
  return sequences
}
