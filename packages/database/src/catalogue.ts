import type pg from 'pg'
import type { TableFacts } from './data-model.facts.ts'

/**
 * What a database's `public` schema is, as a sorted list of facts in PostgreSQL's own wording, such as
 * `users.role: character varying(50) NOT NULL` or `users: CHECK (…)`. Names of constraints are left out:
 * the specification does not give them.
 */
export async function readCatalogue(client: pg.ClientBase | pg.Pool): Promise<string[]> {
  const lists = await Promise.all(
    [COLUMNS, CONSTRAINTS, INDEXES, VIEWS].map((sql) => client.query<{ fact: string }>(sql)),
  )
  const facts = lists.flatMap(({ rows }) => rows.map(({ fact }) => fact.replaceAll(/\s+/g, ' ')))
  return facts.toSorted()
}

const COLUMNS = `
  SELECT c.relname || '.' || a.attname || ': ' || format_type(a.atttypid, a.atttypmod)
         || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
         || COALESCE(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') AS fact
  FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm')
    AND a.attnum > 0 AND NOT a.attisdropped`

// PostgreSQL 18 lists NOT NULL as constraints too; they are facts of the columns above.
const CONSTRAINTS = `
  SELECT conrelid::regclass || ': ' || pg_get_constraintdef(oid) AS fact
  FROM pg_constraint
  WHERE connamespace = 'public'::regnamespace AND conrelid <> 0 AND contype IN ('p', 'u', 'c', 'f', 'x')`

// Only those that were created as indexes: a constraint's own index is the constraint's.
const INDEXES = `
  SELECT replace(pg_get_indexdef(indexrelid), ' public.', ' ') AS fact
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  WHERE c.relnamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))`

// Before 16 PostgreSQL prefixed columns with their table; our views read one table each.
const VIEWS = `
  SELECT 'view ' || matviewname || ': ' || regexp_replace(definition, '\\m\\w+\\.(\\w+)', '\\1', 'g') AS fact FROM pg_matviews WHERE schemaname = 'public'`

/** The SQL that makes a table as its facts say, without its foreign keys (they need the other tables). */
export function renderTable(facts: TableFacts): string {
  const parts = [
    ...Object.entries(facts.columns).map(([name, type]) => `${name} ${type}`),
    `PRIMARY KEY (${facts.primaryKey})`,
    ...(facts.unique ?? []).map((columns) => `UNIQUE (${columns})`),
    ...(facts.checks ?? []).map((condition) => `CHECK (${condition})`),
    ...(facts.exclusions ?? []).map((exclusion) => `EXCLUDE ${exclusion}`),
  ]
  return `CREATE TABLE ${facts.table} (\n  ${parts.join(',\n  ')}\n)`
}

export function renderForeignKeys({ table, foreignKeys }: TableFacts): string[] {
  return Object.entries(foreignKeys ?? {}).map(
    ([column, target]) => `ALTER TABLE ${table} ADD FOREIGN KEY (${column}) REFERENCES ${target}`,
  )
}

/** @param indexes name to `[UNIQUE ][USING …](columns)[ WHERE …]` */
export function renderIndexes(relation: string, indexes: Record<string, string> = {}): string[] {
  return Object.entries(indexes).map(([name, definition]) => {
    const unique = definition.startsWith('UNIQUE ')
    return `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${name} ON ${relation} ${definition.replace(/^UNIQUE /, '')}`
  })
}
