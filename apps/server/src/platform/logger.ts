import { pino, stdSerializers, type Logger } from 'pino'

export type { Logger }

/** JSON lines on standard output. What could carry a secret or a customer's words is never logged. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: { pid: process.pid },
    serializers: { err: withoutClient },
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

/** pg hangs its whole client, connection parameters included, on the error of a lost connection. */
function withoutClient(error: Error): object {
  const { client: _client, ...rest } = stdSerializers.err(error) as { client?: unknown }
  return rest
}
