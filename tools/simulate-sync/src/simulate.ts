import { type EngineMethod } from '@parley/contracts'

import { type Cluster } from './cluster.ts'
import { compare } from './compare.ts'
import { doSomething } from './deeds.ts'
import { heldMarks } from './held-rows.ts'
import { MISFORTUNES } from './misfortunes.ts'
import { network } from './network.ts'
import { Random } from './random.ts'
import { FORGOTTEN_MS, LASTING_MS, truthNow } from './shown/index.ts'
import { World } from './world.ts'

/** One thing that happens. Its own seed decides all that is left open, so that it stays the same among fewer others. */
export interface Step {
  readonly number: number
  readonly kind: 'deed' | 'words' | 'time' | 'misfortune'
  readonly device: number
  readonly seed: number
  /** Of a misfortune. */
  readonly name: string | null
}

export interface Plan {
  readonly seed: number
  readonly size: number
  readonly steps: readonly Step[]
  /** What people do; null: everything that they can. */
  readonly deeds: readonly EngineMethod[] | null
}

export interface Outcome {
  /** Empty: all is as it must be. */
  readonly faults: readonly string[]
  readonly history: readonly string[]
  readonly carriedOut: ReadonlySet<EngineMethod>
  /** How it ended. */
  readonly ends: readonly string[]
}

export interface Size {
  workstations: number
  steps: number
}

const names = Object.keys(MISFORTUNES)

/** @param among the misfortunes that there are; default: all */
export function planOf(
  seed: number,
  { workstations, steps: count }: Size,
  among: readonly string[] = names,
): Plan {
  const random = new Random(seed)
  // What is dear is in one seed of four.
  const isRareOne = random.chance(0.25)
  const chosen = among.filter(
    (name) => isRareOne || among !== names || MISFORTUNES[name]?.isRare !== true,
  )
  const steps = Array.from({ length: count }, (_, place): Step => {
    const kind = random.weighted([
      ['deed', 60],
      ['words', 14],
      ['time', 8],
      ['misfortune', 18],
    ] as const)
    const name = random.weighted(chosen.map((one) => [one, MISFORTUNES[one]?.weight ?? 0] as const))
    return {
      number: place + 1,
      kind,
      device: random.int(0, 0xffff),
      seed: random.seed(),
      name: kind === 'misfortune' ? name : null,
    }
  })
  return { seed, size: workstations, steps, deeds: null }
}

const WORDS = [
  'hola, tengo un problema con mi pago',
  'quiero comprar, que precio tiene',
  'mi pedido no llega, que mal servicio',
  'gracias',
  'sigo esperando',
]

export async function simulate(plan: Plan, cluster: Cluster): Promise<Outcome> {
  const world = await World.begin(plan.seed, plan.size, cluster)
  world.deeds = plan.deeds
  try {
    for (const step of plan.steps) await take(world, step)
    const left = await quieten(world)
    const faults = [...new Set([...world.findings, ...left])]
    const { carriedOut } = world.journal
    return { faults, history: world.history, carriedOut, ends: await endsOf(world) }
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return {
      faults: [...world.findings, `the simulation stopped: ${text}`],
      history: world.history,
      carriedOut: world.journal.carriedOut,
      ends: [],
    }
  } finally {
    await world.end()
  }
}

async function take(world: World, { kind, device, seed, name }: Step): Promise<void> {
  const random = new Random(seed)
  const workstation = world.workstations[device % world.workstations.length]
  if (workstation === undefined) throw new Error('there is nobody')
  switch (kind) {
    case 'deed':
      await doSomething(world, workstation, random)
      break
    case 'words': {
      const customer = random.one(world.customers)
      const words = random.one(WORDS)
      world.say(`${customer.name} writes "${words}"`)
      world.write(customer, words)
      break
    }
    case 'time': {
      const ms = random.one([1, 3, 8, 20, 45]) * 1000
      world.say(`${ms / 1000} s pass`)
      await world.advance(ms, ms > 8000 ? 3000 : 1000)
      break
    }
    case 'misfortune':
      await MISFORTUNES[name ?? '']?.befall(world, workstation, random)
  }
  await world.settle()
  noteConfirmedMarks(world)
  // Often before anything has come of it.
  if (random.chance(0.6)) await world.advance(random.int(1, 1200), 150)
}

function noteConfirmedMarks({ workstations, journal }: World): void {
  for (const workstation of workstations) {
    for (const { conversationId, turn, seq, waits } of heldMarks(workstation)) {
      if (waits === 0) journal.confirm(workstation.person.id, conversationId, { turn, seq })
    }
  }
}

/** The network is whole, everybody is awake and signed in again where they may be; then all of it is compared. */
async function quieten(world: World): Promise<string[]> {
  world.say('everything is well again')
  await world.makeWhole()
  // Either it is found out by nobody's answering any more, or there is somebody who says so.
  if (world.seed % 4 === 0) await world.advance(16_000, 2000)
  else network.endDead()
  let restless: string | null = null
  for (let round = 0; round < 40; round++) {
    await world.advance(3_000, 1500)
    await world.signInAgain()
    restless = await world.restlessness()
    if (restless === null) break
  }
  if (restless !== null) return [`it does not come to rest: ${restless}`]
  let faults: string[] = []
  for (let tries = 0; tries < 4; tries++) {
    // What caches remember of what the server said beside them is of now.
    await world.advance(FORGOTTEN_MS - LASTING_MS, 3_000)
    const earlier = await truthNow(world)
    await world.advance(LASTING_MS, 2_500)
    faults = await compare(world, earlier)
    if (faults.length === 0) return []
  }
  return faults
}

async function endsOf(world: World): Promise<string[]> {
  const rows = await world.database.query(
    `SELECT cu.name, c.status, u.full_name, t.slug, c.priority,
       (SELECT array_agg(m.content_text || m.status ORDER BY m.seq) FROM messages m WHERE m.conversation_id = c.id) AS texts,
       (SELECT array_agg(e.event_type ORDER BY e.seq) FROM conversation_events e WHERE e.conversation_id = c.id) AS events
     FROM conversations c JOIN customers cu ON cu.id = c.customer_id
     LEFT JOIN users u ON u.id = c.assigned_to LEFT JOIN teams t ON t.id = c.team_id
     ORDER BY cu.name, c.first_message_at, c.id`,
  )
  return [
    ...rows.map((row) => JSON.stringify(row)),
    ...world.workstations.map(({ told, name }) => `${name} was told of ${told.length}`),
  ]
}
