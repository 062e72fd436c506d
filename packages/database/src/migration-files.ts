import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DatabaseError } from './database-error.ts'

/** One numbered SQL file. */
export type Migration = {
  /** 1, 2, 3 … without gaps. */
  version: number
  /** File name, `0001_data_model.sql`. */
  name: string
  sql: string
  /** Hex SHA-256 of the content, line ends normalised to LF so that a Windows checkout agrees. */
  checksum: string
  /** False when the file opts out with the marker `-- parley: no-transaction`. */
  inTransaction: boolean
  /** The oldest server (by the highest migration it knows) that may run after this one; undefined: unchanged. */
  minimumServerVersion: number | undefined
}

export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../migrations', import.meta.url))

const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.sql$/
const MARKER = /^-- parley: *(.*?) *$/

/**
 * Reads the migrations of a folder in order. Files that do not end in `.sql` are not migrations.
 * @throws DatabaseError `migration-files-invalid` for a wrong name, a gap, a number twice or an unknown marker
 */
export async function readMigrations(folder = MIGRATIONS_FOLDER): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted()
  const migrations: Migration[] = []
  for (const name of names) {
    const migration = parseMigration(name, await readFile(join(folder, name), 'utf8'))
    const expected = migrations.length + 1
    if (migration.version !== expected) {
      throw invalid(
        name,
        `its number should be ${String(expected).padStart(4, '0')} (no gaps, none twice)`,
      )
    }
    migrations.push(migration)
  }
  return migrations
}

/** Parses one file; `name` gives its number. */
export function parseMigration(name: string, content: string): Migration {
  const match = FILE_NAME.exec(name)
  if (match === null) throw invalid(name, 'its name is not of the form 0001_lower_case.sql')
  const sql = content.replaceAll('\r\n', '\n')
  const markers = readMarkers(name, sql)
  return {
    version: Number(match[1]),
    name,
    sql,
    checksum: createHash('sha256').update(sql).digest('hex'),
    ...markers,
  }
}

// Markers are the comment lines `-- parley: …` before anything else, so that nobody has to search for them.
function readMarkers(
  name: string,
  sql: string,
): Pick<Migration, 'inTransaction' | 'minimumServerVersion'> {
  let inTransaction = true
  let minimumServerVersion: number | undefined
  for (const line of sql.split('\n')) {
    const marker = MARKER.exec(line)?.[1]
    if (marker === undefined) break
    const minimum = /^minimum-server (\d+)$/.exec(marker)?.[1]
    if (marker === 'no-transaction') inTransaction = false
    else if (minimum !== undefined) minimumServerVersion = Number(minimum)
    else throw invalid(name, `it has an unknown marker "${marker}"`)
  }
  return { inTransaction, minimumServerVersion }
}

/**
 * The statements of a file that runs outside a transaction. PostgreSQL runs several statements sent at once as
 * one transaction, so such a file separates them with a line `-- next statement`.
 */
export function splitStatements(migration: Migration): string[] {
  return migration.sql.split(/^-- next statement$/m).filter((part) => part.trim() !== '')
}

function invalid(name: string, reason: string): DatabaseError {
  return new DatabaseError('migration-files-invalid', `Migration file ${name}: ${reason}`)
}
