import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'

import { type CacheTroubleReason } from '@parley/contracts'

/**
 * The cache could not be read or written. `damaged` is only what SQLite itself calls so: everything else may pass, and
 * is no reason to touch what is there.
 */
export class CacheTrouble extends Error {
  override name = 'CacheTrouble'
  readonly reason: CacheTroubleReason | 'damaged'
  /** SQLite's own, where it comes from there. */
  readonly code: string | null

  constructor(reason: CacheTroubleReason | 'damaged', cause: unknown = null) {
    super(cause instanceof Error ? `${reason}: ${cause.message}` : reason, { cause })
    this.reason = reason
    this.code = codeOf(cause)
  }
}

/** SQLite's and the file system's codes, by their beginnings. */
const REASONS: readonly (readonly [RegExp, CacheTroubleReason | 'damaged'])[] = [
  [/^SQLITE_(CORRUPT|NOTADB)/, 'damaged'],
  [/^(SQLITE_FULL|ENOSPC|EDQUOT)/, 'disk_full'],
  [/^(SQLITE_(BUSY|LOCKED|PROTOCOL)|EBUSY|ETXTBSY)/, 'busy'],
  [
    /^(SQLITE_(CANTOPEN|PERM|READONLY|AUTH)|EACCES|EPERM|EROFS|EMFILE|ENFILE|ENOENT|ENOTDIR|EISDIR|ERR_FS_EISDIR)/,
    'cannot_open',
  ],
  [/^(SQLITE_(IOERR|NOMEM|INTERRUPT|NOLFS)|EIO)/, 'io'],
]
/** Less room than SQLite takes for its smallest side file. */
const NO_ROOM_BYTES = 256 * 1024

/** @returns null for what is no trouble of the file's, but a fault of ours */
export function troubleOf(error: unknown, file: string | null): CacheTrouble | null {
  if (error instanceof CacheTrouble) return error
  const code = codeOf(error)
  const reason = REASONS.find(([codes]) => code !== null && codes.test(code))?.[1]
  if (reason === undefined) return null
  // Without room SQLite often cannot make its side files, and says no more than that.
  const isForWantOfRoom = (reason === 'cannot_open' || reason === 'io') && hasNoRoom(file)
  return new CacheTrouble(isForWantOfRoom ? 'disk_full' : reason, error)
}

function codeOf(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : null
}

function hasNoRoom(file: string | null): boolean {
  if (file === null) return false
  try {
    const { bavail, bsize } = statfsSync(dirname(file))
    return bavail * bsize < NO_ROOM_BYTES
  } catch {
    // Where not even that can be asked, SQLite's own word stands.
    return false
  }
}
