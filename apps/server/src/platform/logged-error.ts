import pg from 'pg'

/** What the log says of an error. Nothing else of it does: libraries hang on errors whatever they had at hand. */
export interface LoggedError {
  type: string
  message?: string
  code?: string
  stack?: string
  cause?: LoggedError
  errors?: LoggedError[]
  [ofPostgres: string]: unknown
}

/**
 * Kinds whose words are ours or the system's. Those of the others quote what was asked: PostgreSQL a value of a row
 * (and its context a whole one), a parser the text, the language itself what it was to be applied to. Where they come
 * from says as much of the fault.
 */
const WORDS_OF_OURS = new Set([
  'CannotStart',
  'DatabaseError',
  'Failure',
  'IdentitiesMoved',
  'Overdue',
  'UnusableCertificate',
])

/** Of PostgreSQL's error what is of the schema and of its own source, where each wording stands once. */
const OF_POSTGRES = [
  'severity',
  'schema',
  'table',
  'column',
  'dataType',
  'constraint',
  'routine',
  'file',
  'line',
] as const satisfies readonly (keyof pg.DatabaseError)[]

const CAUSES_DEEP = 4
const FRAMES = 12
const FRAME = /^ {4}at (?:.+ \()?(?:file:|node:|\/|[A-Z]:\\).*:\d+:\d+\)?$/

export function describeError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error }
  const { code } = error as NodeJS.ErrnoException
  const described: LoggedError = { type: error.name }
  if (isSpeakable(error)) described.message = error.message
  if (typeof code === 'string') described.code = code
  if (error instanceof pg.DatabaseError) {
    described.type = 'PostgreSQL'
    for (const field of OF_POSTGRES) {
      if (error[field] !== undefined) described[field] = error[field]
    }
  }
  const stack = framesOf(error)
  if (stack !== '') described.stack = stack
  if (depth < CAUSES_DEEP) {
    if (error.cause !== undefined) described.cause = describeError(error.cause, depth + 1)
    if (error instanceof AggregateError) {
      described.errors = error.errors.map((one) => describeError(one, depth + 1))
    }
  }
  return described
}

/** In a few words, as the log may have them. */
export function nameError(error: unknown): string {
  const { type, code, message } = describeError(error)
  return message ?? code ?? type
}

function isSpeakable(error: Error): boolean {
  if (error instanceof pg.DatabaseError) return false
  const { code, syscall } = error as NodeJS.ErrnoException
  if (WORDS_OF_OURS.has(error.name)) return true
  // Thrown by name and not by the language: what we, pg and its like say. With a code only the system's are.
  return error.constructor === Error && (code === undefined || syscall !== undefined)
}

/** The first line is the message, and may be many lines. */
function framesOf({ stack = '', message }: Error): string {
  const place = message === '' ? 0 : stack.indexOf(message)
  return stack
    .slice(place === -1 ? 0 : place + message.length)
    .split('\n')
    .filter((line) => FRAME.test(line))
    .slice(0, FRAMES)
    .join('\n')
}
