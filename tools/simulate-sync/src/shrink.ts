import { type Cluster } from './cluster.ts'
import { simulate, type Outcome, type Plan, type Step } from './simulate.ts'

const MOST_TRIES = 60

/** What a fault is, whoever has it. */
export const kindOf = (fault: string): string =>
  fault
    .split('\n', 1)
    .join()
    .replace(/^[\w']+( second device)?:? /, '')
    .replace(/#?\d+/g, 'N')
    .slice(0, 40)

/** The shortest history that still fails in the same way: fewer workstations, fewer misfortunes, fewer steps. */
export async function shrink(
  plan: Plan,
  failed: Outcome,
  cluster: Cluster,
): Promise<{ plan: Plan; outcome: Outcome }> {
  const wanted = new Set(failed.faults.map(kindOf))
  let best = { plan, outcome: failed }
  let tries = 0
  const attempt = async (smaller: Plan): Promise<boolean> => {
    if (tries++ >= MOST_TRIES) return false
    const outcome = await simulate(smaller, cluster)
    if (!outcome.faults.some((fault) => wanted.has(kindOf(fault)))) return false
    best = { plan: smaller, outcome }
    return true
  }
  const without = (steps: readonly Step[], gone: ReadonlySet<Step>): Step[] =>
    steps.filter((step) => !gone.has(step))

  for (let size = 2; size < plan.size; size++) {
    if (await attempt({ ...best.plan, size })) break
  }
  const misfortunes = best.plan.steps.filter(({ kind }) => kind === 'misfortune')
  if (misfortunes.length > 0) {
    await attempt({ ...best.plan, steps: without(best.plan.steps, new Set(misfortunes)) })
  }
  for (
    let chunk = Math.ceil(best.plan.steps.length / 2);
    chunk >= 1;
    chunk = Math.floor(chunk / 2)
  ) {
    for (let from = 0; from < best.plan.steps.length;) {
      const { steps } = best.plan
      const gone = new Set(steps.slice(from, from + chunk))
      const isShorter = await attempt({ ...best.plan, steps: without(steps, gone) })
      if (!isShorter) from += chunk
    }
  }
  return best
}
