import { type Logger } from './logger.ts'

/** Something that runs again and again, never twice at once, and can be woken early. */
export interface Periodic {
  /** Runs as soon as it can; calls during a run lead to exactly one more run. */
  wake(): void
  /** Ends it; resolves when a run under way is over. */
  stop(): Promise<void>
}

/**
 * The safety net behind what is event driven. A failing run is logged and tried again at the next turn.
 * @param intervalMs pause between the end of a run and the next one that nobody asked for
 */
export function startPeriodic(
  name: string,
  intervalMs: number,
  logger: Logger,
  work: () => Promise<void>,
): Periodic {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | null = null
  let again = false
  let stopped = false

  const run = (): void => {
    if (stopped) return
    if (running !== null) {
      again = true
      return
    }
    clearTimeout(timer)
    running = work()
      .catch((error: unknown) => logger.error({ err: error, task: name }, 'periodic task failed'))
      .finally(() => {
        running = null
        if (again) {
          again = false
          run()
        } else if (!stopped) {
          timer = setTimeout(run, intervalMs)
        }
      })
  }
  run()

  return {
    wake: run,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
