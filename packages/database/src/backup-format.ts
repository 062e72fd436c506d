import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { DatabaseError, firstLine, isSystemError } from './database-error.ts'

/*
 * A backup is one gzip file of UTF-8 lines, readable with `gunzip -c FILE | less`:
 *
 *   {"format":"parley-backup","formatVersion":1,…}        the header
 *   {"table":"public.users","columns":["id",…]}           for each table:
 *   …                                                     its rows as PostgreSQL's COPY text, a line each
 *   \.                                                    their end (in COPY text no row can be this)
 *   {"endOf":"public.users","rows":12,"sha256":"…"}       over the rows' lines, newlines included
 *   {"sequences":[{"name":"public.changes_number_seq","value":"7","isCalled":true}]}
 *   {"complete":true,"tables":41,"rows":9132}             the last line; without it the backup is damaged
 */

export const FORMAT = 'parley-backup'
export const FORMAT_VERSION = 1
export const END_OF_ROWS = '\\.'

export type BackupHeader = {
  format: typeof FORMAT
  formatVersion: number
  /** ISO 8601, by the database's clock. */
  createdAt: string
  /** PostgreSQL's version, for people. */
  serverVersion: string
  schemaVersion: number
  migrations: { version: number; name: string; checksum: string }[]
}

export type BackupTable = { table: string; columns: string[] }
export type BackupTableEnd = { endOf: string; rows: number; sha256: string }
export type BackupSequence = { name: string; value: string; isCalled: boolean }
export type BackupEnd = { complete: true; tables: number; rows: number }

/** What a reader of a backup does with its parts, called in the file's order. */
export type BackupVisitor = {
  onHeader: (header: BackupHeader) => Promise<void>
  onTable: (table: BackupTable) => Promise<void>
  /** Whole rows in COPY text, each with its newline. */
  onRows: (rows: Buffer) => Promise<void>
  onTableEnd: (end: BackupTableEnd) => Promise<void>
  onSequences: (sequences: BackupSequence[]) => Promise<void>
}

/** Counts and hashes rows as they are in the file. */
export class RowsDigest {
  #hash = createHash('sha256')
  #rows = 0

  /** @param text whole rows, each with its newline */
  add(text: Buffer): void {
    this.#hash.update(text)
    for (let at = text.indexOf(NEWLINE); at !== -1; at = text.indexOf(NEWLINE, at + 1))
      this.#rows += 1
  }

  /** To be called once, at the table's end. */
  finish(table: string): BackupTableEnd {
    return { endOf: table, rows: this.#rows, sha256: this.#hash.digest('hex') }
  }
}

const NEWLINE = 0x0a
const END_LINE = Buffer.from(`${END_OF_ROWS}\n`)

/**
 * Reads a backup from its first to its last line and checks it on the way: form, row counts, checksums, end.
 * @throws DatabaseError `backup-file-unreadable`, `backup-file-damaged`, `backup-incompatible`
 */
export async function readBackup(path: string, visitor: BackupVisitor): Promise<BackupEnd> {
  const parser = new BackupParser(path, visitor)
  const source = createReadStream(path)
  // The visitor's own errors (a row that PostgreSQL refuses) must not be taken for the file's.
  let visitorError: unknown
  try {
    await pipeline(source, createGunzip(), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        try {
          await parser.push(chunk)
        } catch (error) {
          visitorError = error
          throw error
        }
      }
    })
  } catch (error) {
    throw error === visitorError ? error : describeReadFailure(path, error)
  }
  return parser.finish()
}

/** Splits the text into lines by bytes: rows may hold any character but a newline, U+2028 and CR included. */
class BackupParser {
  readonly #path: string
  readonly #visitor: BackupVisitor
  #rest: Buffer = Buffer.alloc(0)
  #seenHeader = false
  #table: string | undefined
  #inRows = false
  #digest = new RowsDigest()
  #tables = 0
  #rows = 0
  #end: BackupEnd | undefined

  constructor(path: string, visitor: BackupVisitor) {
    this.#path = path
    this.#visitor = visitor
  }

  async push(chunk: Buffer): Promise<void> {
    const text = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let at = 0
    while (at < text.length) {
      const next = this.#inRows ? await this.#takeRows(text, at) : await this.#takeLine(text, at)
      if (next === at) break
      at = next
    }
    this.#rest = Buffer.from(text.subarray(at))
  }

  finish(): BackupEnd {
    if (this.#end === undefined || this.#rest.length > 0) throw this.#damaged('it is cut off')
    return this.#end
  }

  /** Passes on the whole rows from `from`. @returns where the next unread byte is */
  async #takeRows(text: Buffer, from: number): Promise<number> {
    let end = from
    while (end < text.length) {
      const newline = text.indexOf(NEWLINE, end)
      if (newline === -1) break
      if (newline - end === 2 && text.compare(END_LINE, 0, 3, end, newline + 1) === 0) {
        await this.#passRows(text.subarray(from, end))
        this.#inRows = false
        return newline + 1
      }
      end = newline + 1
    }
    await this.#passRows(text.subarray(from, end))
    return end
  }

  async #passRows(rows: Buffer): Promise<void> {
    if (rows.length === 0) return
    this.#digest.add(rows)
    await this.#visitor.onRows(rows)
  }

  async #takeLine(text: Buffer, from: number): Promise<number> {
    const newline = text.indexOf(NEWLINE, from)
    if (newline === -1) return from
    await this.#acceptLine(this.#parseLine(text.toString('utf8', from, newline)))
    return newline + 1
  }

  #parseLine(line: string): Record<string, unknown> {
    try {
      const value: unknown = JSON.parse(line)
      if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
    } catch {
      // Not JSON: the same answer as for a line of another shape.
    }
    throw this.#damaged(this.#seenHeader ? 'a line cannot be read' : 'it is not a Parley backup')
  }

  async #acceptLine(line: Record<string, unknown>): Promise<void> {
    if (!this.#seenHeader) return await this.#acceptHeader(line)
    if (this.#end !== undefined) throw this.#damaged('something follows its end')
    if (this.#table !== undefined) return await this.#acceptTableEnd(line as BackupTableEnd)
    if (typeof line['table'] === 'string') return await this.#acceptTable(line as BackupTable)
    if (Array.isArray(line['sequences'])) {
      return await this.#visitor.onSequences(line['sequences'] as BackupSequence[])
    }
    if (line['complete'] === true) return this.#acceptEnd(line as BackupEnd)
    throw this.#damaged('a line is of no known kind')
  }

  async #acceptHeader(line: Record<string, unknown>): Promise<void> {
    if (line['format'] !== FORMAT) throw this.#damaged('it is not a Parley backup')
    if (line['formatVersion'] !== FORMAT_VERSION) {
      throw new DatabaseError(
        'backup-incompatible',
        `${this.#path} is a backup of format ${String(line['formatVersion'])}; this Parley reads format ${FORMAT_VERSION}`,
      )
    }
    this.#seenHeader = true
    await this.#visitor.onHeader(line as BackupHeader)
  }

  async #acceptTable(table: BackupTable): Promise<void> {
    this.#table = table.table
    this.#digest = new RowsDigest()
    this.#inRows = true
    await this.#visitor.onTable(table)
  }

  async #acceptTableEnd(stated: BackupTableEnd): Promise<void> {
    const found = this.#digest.finish(this.#table ?? '')
    if (
      stated.endOf !== found.endOf ||
      stated.rows !== found.rows ||
      stated.sha256 !== found.sha256
    ) {
      throw this.#damaged(`the rows of ${found.endOf} are not those that were written`)
    }
    this.#table = undefined
    this.#tables += 1
    this.#rows += found.rows
    await this.#visitor.onTableEnd(found)
  }

  #acceptEnd(end: BackupEnd): void {
    if (end.tables !== this.#tables || end.rows !== this.#rows)
      throw this.#damaged('tables are missing')
    this.#end = end
  }

  #damaged(reason: string): DatabaseError {
    return new DatabaseError('backup-file-damaged', `${this.#path} cannot be restored: ${reason}`)
  }
}

function describeReadFailure(path: string, error: unknown): DatabaseError {
  const zlib = isSystemError(error) && (error.code?.startsWith('Z_') ?? false)
  if (zlib) {
    return new DatabaseError(
      'backup-file-damaged',
      `${path} cannot be restored: it is damaged or not a Parley backup (${firstLine(error)})`,
      error,
    )
  }
  return new DatabaseError(
    'backup-file-unreadable',
    `${path} cannot be read: ${firstLine(error)}`,
    error,
  )
}
