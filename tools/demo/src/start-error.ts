/** What the person can mend: one clear line, exit code 1. */
export class StartError extends Error {
  override name = 'StartError'
}

/** An unexpected failure in the words of one line. */
export function firstLine(error: unknown): string {
  return (
    (error instanceof Error ? error.message || error.name : String(error)).split('\n', 1)[0] ?? ''
  )
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
}
