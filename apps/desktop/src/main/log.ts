import { join } from 'node:path'

import electronLog from 'electron-log/node'

/**
 * What main writes down. Never a customer's words, a name, or a secret: messages are our own sentences, details
 * are ids, codes, counts and stacks.
 */
export interface Log {
  info(message: string, details?: unknown): void
  warn(message: string, details?: unknown): void
  error(message: string, details?: unknown): void
}

const MAXIMUM_FILE_BYTES = 5 * 1024 * 1024

/** A file in `userData/logs`, its predecessor beside it; the terminal too, where somebody develops. */
export function openLog(userData: string, options: { toConsole: boolean }): Log {
  const log = electronLog.create({ logId: 'main' })
  log.transports.file.resolvePathFn = () => join(userData, 'logs', 'main.log')
  log.transports.file.maxSize = MAXIMUM_FILE_BYTES
  log.transports.file.level = 'info'
  log.transports.file.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' }
  log.transports.console.level = options.toConsole ? 'info' : false
  for (const stream of [process.stdout, process.stderr]) {
    // Nobody reads any more. Unheard, the failure would be written down there itself, and fail again, for ever.
    stream.on('error', () => (log.transports.console.level = false))
  }
  const write =
    (level: 'info' | 'warn' | 'error') =>
    (message: string, details?: unknown): void => {
      if (details === undefined) log[level](message)
      else log[level](message, details)
    }
  return { info: write('info'), warn: write('warn'), error: write('error') }
}
