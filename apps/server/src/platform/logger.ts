import { pino, type Logger } from 'pino'

export type { Logger }

/** JSON lines on standard output. What could carry a secret or a customer's words is never logged. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: { pid: process.pid },
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
  })
}
