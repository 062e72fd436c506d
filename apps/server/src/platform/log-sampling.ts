import { type LogFn, type Logger } from 'pino'

import { TokenBuckets } from './token-buckets.ts'

/** Of one message: whatever is said more often is one thing, and its number says more than its lines. */
const LINES = { burst: 50, perSecond: 0.5 }
const TOLD_EVERY_MS = 30_000

/**
 * Leaves out what is said again and again, so that nobody can fill the log from outside, and tells how much of what
 * was left out.
 * @returns pino's hook, before every line
 */
export function sampleLines(): (this: Logger, args: Parameters<LogFn>, write: LogFn) => void {
  const lines = new TokenBuckets(LINES)
  const leftOut = new Map<string, number>()
  let telling: NodeJS.Timeout | null = null

  return function sample(args, write) {
    const message = [args[0], args[1]].find((one) => typeof one === 'string') ?? ''
    if (lines.take(message) === 0) return write.apply(this, args)
    leftOut.set(message, (leftOut.get(message) ?? 0) + 1)
    telling ??= setTimeout(() => {
      telling = null
      const counted = Object.fromEntries(leftOut)
      leftOut.clear()
      // By way of no hook: this is said at most once in its time.
      write.call(this, { leftOut: counted }, 'said more often than is written')
    }, TOLD_EVERY_MS).unref()
  }
}
