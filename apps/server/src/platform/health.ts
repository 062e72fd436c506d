import { nameError } from './logged-error.ts'
import { type Logger } from './logger.ts'
import { type Metrics } from './metrics.ts'
import { within } from './overdue.ts'

/**
 * How something that the server needs is doing. `failing`: it cannot do its work, and others should be sent
 * elsewhere. `behind`: it works, and somebody should look. The detail is for operators: counts and ages, never
 * what people wrote.
 */
export type Condition = 'well' | { state: 'behind' | 'failing'; detail: string }

export interface Health {
  /** Has this asked whenever somebody wants to know. A check that throws, or does not answer, is failing. */
  register(name: string, check: () => Condition | Promise<Condition>): () => void
  report(): Promise<HealthReport>
}

export interface HealthReport {
  failing: string[]
  behind: string[]
}

/** Whoever asks (a load balancer, every few seconds) does not wait longer. */
const CHECK_LIMIT_MS = 3_000
const GAUGE = { well: 1, behind: 0.5, failing: 0 }

export function createHealth(logger: Logger, metrics: Metrics): Health {
  const checks = new Map<string, () => Condition | Promise<Condition>>()
  const last = new Map<string, string>()

  async function look(name: string, check: () => Condition | Promise<Condition>): Promise<string> {
    let condition: Condition
    try {
      condition = await within(CHECK_LIMIT_MS, name, (async () => check())())
    } catch (error) {
      condition = { state: 'failing', detail: nameError(error) }
    }
    const state = condition === 'well' ? 'well' : condition.state
    metrics.health.set({ name }, GAUGE[state])
    // Told when it changes and not at every look.
    if ((last.get(name) ?? 'well') !== state) {
      const detail = condition === 'well' ? undefined : condition.detail
      logger[state === 'well' ? 'info' : 'warn']({ name, detail }, `health: ${state}`)
    }
    last.set(name, state)
    return state
  }

  return {
    register(name, check) {
      checks.set(name, check)
      return () => {
        if (checks.get(name) === check) checks.delete(name)
      }
    },
    async report() {
      const names = [...checks.keys()]
      const states = await Promise.all([...checks].map(([name, check]) => look(name, check)))
      const of = (state: string): string[] =>
        names.filter((_name, index) => states[index] === state)
      return { failing: of('failing'), behind: of('behind') }
    },
  }
}
