import type { Log } from './log.ts'

/** A log that a test reads. */
export interface RecordedLog extends Log {
  lines: { level: 'info' | 'warn' | 'error'; message: string; details: unknown }[]
}

export function recordLog(): RecordedLog {
  const lines: RecordedLog['lines'] = []
  const write =
    (level: 'info' | 'warn' | 'error') =>
    (message: string, details?: unknown): void =>
      void lines.push({ level, message, details })
  return { lines, info: write('info'), warn: write('warn'), error: write('error') }
}
