/** What went wrong, for callers that decide by it. */
export type DatabaseErrorCode =
  | 'connection-string-missing'
  | 'connection-string-malformed'
  | 'server-unreachable'
  | 'server-refused-login'
  | 'server-version-unsupported'
  | 'server-role-unusable'
  | 'migration-files-invalid'
  | 'migration-changed'
  | 'migration-out-of-order'
  | 'migration-failed'
  | 'schema-missing'
  | 'schema-older-than-code'
  | 'schema-newer-than-code'
  | 'embedded-unavailable'
  | 'embedded-already-running'
  | 'embedded-folder-broken'
  | 'embedded-other-version'
  | 'embedded-start-failed'
  | 'embedded-user-missing'
  | 'arguments-invalid'
  | 'backup-file-exists'
  | 'backup-file-unreadable'
  | 'backup-file-damaged'
  | 'backup-incompatible'
  | 'backup-failed'
  | 'restore-target-not-empty'
  | 'restore-target-in-use'
  | 'restore-failed'

/**
 * An expected failure. `message` is one line for the person who runs Parley: what is wrong and what to do.
 * It never holds a password.
 */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
  readonly code: DatabaseErrorCode

  constructor(code: DatabaseErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

/** The first line of an error's message; PostgreSQL's details may follow on others. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message || describeEmptyError(error) : String(error)
  return text.split('\n', 1)[0] ?? ''
}

// Node's AggregateError (every address of a host refused) has an empty message of its own.
function describeEmptyError(error: Error): string {
  if (error instanceof AggregateError) return error.errors.map((one) => firstLine(one)).join('; ')
  return error.name
}

/** True for the errors that Node gives for files and sockets (they carry `code`). */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string'
}
