import { pino, type DestinationStream, type Logger } from 'pino'

import { sampleLines } from './log-sampling.ts'
import { describeError } from './logged-error.ts'

export type { Logger }

/** JSON lines. What could carry a secret or a customer's words is never logged. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const sample = sampleLines()
  return pino(
    {
      level,
      base: { pid: process.pid },
      serializers: { err: describeError },
      hooks: {
        logMethod(args, write) {
          const [given, message] = args as [unknown, unknown]
          const error = given instanceof Error ? given : (given as { err?: unknown } | null)?.err
          // Without words of ours pino would take the error's, and libraries write them by themselves.
          if (error instanceof Error && (message ?? error.message) === error.message) {
            args = [{ err: error }, 'an error'] as unknown as typeof args
          }
          sample.call(this, args, write)
        },
      },
      redact: {
        paths: [
          'password',
          'authorization',
          '*.password',
          '*.authorization',
          '*.accessToken',
          '*.refreshToken',
          'headers.authorization',
          'headers["x-hub-signature-256"]',
        ],
        censor: '[secret]',
      },
    },
    ...(destination === undefined ? [] : [destination]),
  )
}
