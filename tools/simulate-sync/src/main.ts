// oxlint-disable-next-line import/no-unassigned-import -- before whoever takes of zlib what it needs
import './zlib-in-turn.ts'

import { parseArgs } from 'node:util'

import { Crashed } from './actor.ts'
import { startCluster, type Cluster } from './cluster.ts'
import { DOABLE, assertKnowsAll } from './deeds.ts'
import { assertKnowsKinds } from './held-rows.ts'
import { takeOverNetwork } from './network.ts'
import { PLANTED, type PlantedFault } from './planted-faults.ts'
import { watchPostgres } from './postgres-watch.ts'
import { watchListening } from './servers.ts'
import { shrink } from './shrink.ts'
import { planOf, simulate, type Outcome, type Plan, type Size } from './simulate.ts'
import { watchSqlite } from './sqlite-watch.ts'
import { watchThreads } from './thread-work.ts'
import { firstDifference, trace } from './trace.ts'
import { real, takeOverTime } from './virtual-time.ts'

const USAGE = `npm run simulate-sync -- [--seeds N] [--seed S] [--steps N] [--workstations N]
  --seeds N          so many seeds, from --seed on (1 otherwise)
  --seed S           this one alone, or the first of several
  --steps N          how much happens in each; default 40
  --workstations N   default 4; in every fifth seed 8, in every tenth 20
  --only 3,7,12      these steps alone, as a failing seed is printed when it has been shrunk
  --twice            each seed twice: the same must happen both times
  --history          tell what happened, also of what did not fail
  --planted          plant a fault of each kind, and find it
  --fault WORDS      of those the ones alone that have these words in their names
  --no-shrink        a failing seed as it is
`

/** A planted fault that is not found in so many seeds is not looked for. */
const MOST_SEEDS_FOR_PLANTED = 25
const PLANTED_SIZE: Size = { workstations: 3, steps: 36 }

const options = readOptions()
assertKnowsAll()
assertKnowsKinds()
const cluster = await startCluster()
// What nobody awaits fails here: of a workstation that has crashed that says nothing, of any other it is a fault.
const unhandled: string[] = []
const unhandledError = (error: unknown): void => {
  if (error instanceof Crashed) return
  if (error instanceof TypeError && error.message === 'The database connection is not open') return
  unhandled.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
}
process.on('unhandledRejection', unhandledError)
process.on('uncaughtException', unhandledError)
takeOverTime()
watchThreads()
watchPostgres()
watchSqlite()
watchListening()
takeOverNetwork()

let isClean = false
try {
  isClean = options.planted ? await findPlanted(cluster) : await runSeeds(cluster)
} catch (error) {
  // Thrown on, it would be taken for one that nobody handles, which is only noted.
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
} finally {
  await cluster.stop()
}
// What crashed or was killed has left sockets and timers behind that nobody waits for.
process.exit(isClean ? 0 : 1)

function readOptions() {
  const { values } = parseArgs({
    // npm passes what stands before its own end of options, too.
    args: process.argv.slice(2).filter((argument) => argument !== '--'),
    options: {
      seeds: { type: 'string' },
      seed: { type: 'string' },
      steps: { type: 'string' },
      workstations: { type: 'string' },
      only: { type: 'string' },
      twice: { type: 'boolean' },
      history: { type: 'boolean' },
      planted: { type: 'boolean' },
      fault: { type: 'string' },
      'no-shrink': { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.help === true) {
    process.stdout.write(USAGE)
    process.exit(0)
  }
  const number = (name: string, given: string | undefined): number | undefined => {
    if (given === undefined) return undefined
    if (!/^\d+$/.test(given)) throw new Error(`--${name} must be a number.\n${USAGE}`)
    return Number(given)
  }
  if (number('seeds', values.seeds) === 0) throw new Error(`--seeds must be at least 1.\n${USAGE}`)
  return {
    first: number('seed', values.seed) ?? 1,
    count: number('seeds', values.seeds) ?? 1,
    steps: number('steps', values.steps) ?? 40,
    workstations: number('workstations', values.workstations),
    only: values.only === undefined ? null : new Set(values.only.split(',').map(Number)),
    twice: values.twice === true,
    history: values.history === true,
    planted: values.planted === true,
    fault: values.fault ?? '',
    shrinks: values['no-shrink'] !== true,
  }
}

function chosenPlan(seed: number): Plan {
  const workstations = options.workstations ?? (seed % 10 === 0 ? 20 : seed % 5 === 0 ? 8 : 4)
  const plan = planOf(seed, { workstations, steps: options.steps })
  const { only } = options
  return only === null
    ? plan
    : { ...plan, steps: plan.steps.filter(({ number }) => only.has(number)) }
}

async function runSeeds(on: Cluster): Promise<boolean> {
  const began = real.now()
  const failing: number[] = []
  const differing: number[] = []
  const neverDone = new Set(DOABLE)
  for (let seed = options.first; seed < options.first + options.count; seed++) {
    const plan = chosenPlan(seed)
    trace.begin(options.twice)
    const outcome = await watched(plan, on)
    for (const method of outcome.carriedOut) neverDone.delete(method)
    if (options.history) process.stdout.write(`${outcome.history.join('\n')}\n`)
    if (options.twice) {
      const first = [...trace.lines, ...outcome.ends]
      trace.begin(true)
      const again = await watched(plan, on)
      const difference = firstDifference(first, [...trace.lines, ...again.ends])
      if (difference !== null) {
        differing.push(seed)
        process.stdout.write(`seed ${seed} is not the same twice:\n${difference}\n`)
      }
    }
    const done = seed - options.first + 1
    if (done % 10 === 0) process.stdout.write(`${done} of ${options.count} seeds\n`)
    if (outcome.faults.length === 0) continue
    failing.push(seed)
    process.stdout.write(`\nseed ${seed} fails:\n`)
    tell(outcome.faults)
    if (options.shrinks && options.only === null) await tellShortest(plan, outcome, on)
  }
  const seconds = ((real.now() - began) / 1000).toFixed(1)
  process.stdout.write(
    `${options.count} seeds in ${seconds} s: ${failing.length === 0 ? 'clean' : `failing are ${failing.join(', ')}`}\n`,
  )
  // Of a few seeds that says nothing.
  if (options.count >= 50 && neverDone.size > 0) {
    process.stdout.write(`nobody ever got through with ${[...neverDone].join(', ')}\n`)
  }
  if (options.twice) {
    process.stdout.write(
      `${differing.length === 0 ? 'each happened the same way twice' : `not the same way twice: ${differing.join(', ')}`}\n`,
    )
  }
  return failing.length === 0 && differing.length === 0
}

async function watched(plan: Plan, on: Cluster): Promise<Outcome> {
  unhandled.length = 0
  const outcome = await simulate(plan, on)
  const faults = unhandled.map((text) => `an error that nobody handles: ${text}`)
  return { ...outcome, faults: [...faults, ...outcome.faults] }
}

async function tellShortest(plan: Plan, outcome: Outcome, on: Cluster): Promise<void> {
  const shortest = await shrink(plan, outcome, on)
  const steps = shortest.plan.steps.map(({ number }) => number)
  process.stdout.write(`the shortest history that still fails:\n`)
  process.stdout.write(`${shortest.outcome.history.join('\n')}\n`)
  tell(shortest.outcome.faults)
  process.stdout.write(
    `again: npm run simulate-sync -- --seed ${plan.seed} --steps ${options.steps} --workstations ${shortest.plan.size} --only ${steps.join(',')}\n\n`,
  )
}

function tell(faults: readonly string[]): void {
  for (const fault of faults.slice(0, 12)) process.stdout.write(`  - ${fault.slice(0, 1500)}\n`)
  if (faults.length > 12) process.stdout.write(`  - and ${faults.length - 12} more\n`)
}

async function findPlanted(on: Cluster): Promise<boolean> {
  let isAllFound = true
  const chosen = PLANTED.filter(({ name }) => name.includes(options.fault))
  if (chosen.length === 0) throw new Error(`there is no fault "${options.fault}"`)
  for (const fault of chosen) {
    const { seed, hasActed } = await seedThatFinds(fault, on)
    if (seed === null) isAllFound = false
    const otherwise = `NOT FOUND in ${MOST_SEEDS_FOR_PLANTED} seeds${hasActed ? '' : ', and it never acted'}`
    process.stdout.write(`${fault.name}: ${seed === null ? otherwise : `found by seed ${seed}`}\n`)
  }
  return isAllFound
}

/** The first seed that finds it where it has acted, and says nothing of the kind without it. */
async function seedThatFinds(
  fault: PlantedFault,
  on: Cluster,
): Promise<{ seed: number | null; hasActed: boolean }> {
  const { from = 1, misfortunes, deeds = null, steps = PLANTED_SIZE.steps, foundBy } = fault
  const isFound = async (seed: number): Promise<boolean> => {
    const { faults } = await simulate(
      { ...planOf(seed, { ...PLANTED_SIZE, steps }, misfortunes), deeds },
      on,
    )
    return faults.some((found) => foundBy.test(found))
  }
  let hasEverActed = false
  for (let seed = from; seed < from + MOST_SEEDS_FOR_PLANTED; seed++) {
    let hasActed = false
    const takeOut = fault.plant(() => (hasActed = true))
    const isFoundNow = await isFound(seed).finally(takeOut)
    hasEverActed ||= hasActed
    if (hasActed && isFoundNow && !(await isFound(seed))) return { seed, hasActed }
  }
  return { seed: null, hasActed: hasEverActed }
}
