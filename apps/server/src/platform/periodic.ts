import { type Logger } from './logger.ts'
import { type Metrics } from './metrics.ts'
import { Overdue, within } from './overdue.ts'

/** Something that runs again and again, never twice at once, and can be woken early. */
export interface Periodic {
  /** Runs as soon as it can; calls during a run lead to exactly one more run. */
  wake(): void
  /** Ends it; resolves when a run under way is over, or given up. */
  stop(): Promise<void>
}

/**
 * Whatever a run does, each of its waits has a limit of its own far below this one: a run that reaches it hangs on
 * something that nobody thought of.
 */
const RUN_LIMIT_MS = 120_000

/**
 * The safety net behind what is event driven. A failing run is logged and tried again at the next turn. One that
 * does not end is told of, counted and given up, and the next goes on: what it still does, another process might do
 * at the same time as well.
 * @param intervalMs pause between the end of a run and the next one that nobody asked for
 */
export function startPeriodic(
  name: string,
  intervalMs: number,
  { logger, metrics }: { logger: Logger; metrics: Metrics },
  work: () => Promise<void>,
  runLimitMs = RUN_LIMIT_MS,
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
    running = within(runLimitMs, name, work())
      .then(
        () => metrics.periodicRuns.inc({ task: name, outcome: 'done' }),
        (error: unknown) => {
          const outcome = error instanceof Overdue ? 'overdue' : 'failed'
          metrics.periodicRuns.inc({ task: name, outcome })
          logger.error({ err: error, task: name }, `periodic task ${outcome}`)
        },
      )
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
