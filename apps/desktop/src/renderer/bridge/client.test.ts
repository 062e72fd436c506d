import { type Bridge, type BridgeResult, type Reading } from '@parley/contracts'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'

import { Answers } from '../../engine/answers.ts'
import { createClient, type Client, type Held } from './client.ts'

interface Row {
  id: string
  n: number
  text: string
}
const row = (id: string, n = 0): Row => ({ id, n, text: `what ${id} wrote, and it was no little` })
const ids = ['a', 'b', 'c', 'd', 'e', 'f']
const rows = () => ids.map((id) => row(id))

/** An engine that answers what `now` is; how it came over the bridge is in `carried`. */
function engineOf(start: Row[]) {
  const world = { now: start, answers: new Answers(), failure: null as string | null }
  const carried: Reading<unknown>[] = []
  const bridge = {
    async read(method: string, input: unknown, held: number | null) {
      if (world.failure !== null) throw new Error(world.failure)
      const question = `${method} ${JSON.stringify(input)}`
      // As over a line: nothing that the engine holds is the window's.
      const answer = structuredClone(world.now)
      const reading = structuredClone(world.answers.reading(question, answer, held))
      carried.push(reading)
      return { ok: true, value: reading }
    },
    on: () => () => {},
  } as unknown as Bridge
  /** A window of its own. */
  const open = () => {
    const client = createClient(bridge)
    let held: Held<Row[]> | null = null
    return async () => {
      held = valueOf(await read(client, held))
      return held.value
    }
  }
  const kinds = () => carried.map((one) => ('whole' in one ? 'whole' : one.changes && 'changes'))
  return { world, bridge, carried, open, kinds }
}

function read(client: Client, held: Held<Row[]> | null): Promise<BridgeResult<Held<Row[]>>> {
  return client.read('outbox.list', undefined, held as never) as never
}

function valueOf<Value>(result: BridgeResult<Value>): Value {
  if (!result.ok) throw new Error(result.error.code)
  return result.value
}

describe('what is read again', () => {
  it('comes whole first, and then as what has changed in it', async () => {
    const { world, open, carried, kinds } = engineOf(rows())
    const ask = open()
    const first = await ask()
    world.now = [row('f', 1), ...rows().slice(0, 5)]
    const second = await ask()
    expect(second).toEqual(world.now)
    expect(second[1]).toBe(first[0])
    expect(await ask()).toBe(second)
    expect(kinds()).toEqual(['whole', 'changes', null])
    expect(JSON.stringify(carried[1]).length).toBeLessThan(120)
  })

  it('comes whole where that is hardly more, and what has not changed is the same objects', async () => {
    const { world, open, kinds } = engineOf(rows())
    const ask = open()
    const first = await ask()
    world.now = [row('a'), ...['u', 'v', 'w', 'x', 'y'].map((id) => row(id))]
    const second = await ask()
    expect(second).toEqual(world.now)
    expect(second[0]).toBe(first[0])
    expect(kinds()).toEqual(['whole', 'whole'])
  })

  it('comes whole from an engine that was started again, whatever its answers are called', async () => {
    const { world, open, kinds } = engineOf(rows())
    const ask = open()
    const first = await ask()
    world.answers = new Answers()
    world.now = [...rows().slice(1), row('g')]
    const other = open()
    await other()
    world.now = [...world.now.slice(1), row('h')]
    // The new engine has answered twice, too.
    await other()
    const second = await ask()
    expect(second).toEqual(world.now)
    expect(second[0]).toBe(first[2])
    expect(kinds()).toEqual(['whole', 'whole', 'changes', 'whole'])
  })

  it('is right in two windows, one behind the other, and in one that is loaded again', async () => {
    const { world, open, kinds } = engineOf(rows())
    const [one, two] = [open(), open()]
    await one()
    await two()
    world.now = [...rows().slice(1), row('g')]
    expect(await one()).toEqual(world.now)
    // The same change, told once more.
    expect(await two()).toEqual(world.now)
    for (const id of ['h', 'i']) {
      world.now = [...world.now.slice(1), row(id)]
      expect(await one()).toEqual(world.now)
    }
    // Two changes behind: no such answer is known any more.
    expect(await two()).toEqual(world.now)
    expect(await open()()).toEqual(world.now)
    expect(kinds()).toEqual([
      'whole',
      'whole',
      'changes',
      'changes',
      'changes',
      'changes',
      'whole',
      'whole',
    ])
  })

  it('is right after an answer that never arrived', async () => {
    const { world, bridge, open } = engineOf(rows())
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const ask = open()
    await ask()
    for (const isAnswered of [false, true]) {
      world.now = [...world.now.slice(1), row(`new ${isAnswered}`)]
      if (isAnswered) await bridge.read('outbox.list', undefined, null)
      world.failure = 'the line'
      await expect(ask()).rejects.toThrow('internal')
      world.failure = null
      expect(await ask()).toEqual(world.now)
    }
    vi.restoreAllMocks()
  })

  it('is made of what was held when it was asked for, whichever answer comes first', async () => {
    const { world, bridge } = engineOf(rows())
    const late: (() => void)[] = []
    const client = createClient({
      ...bridge,
      read: async (...asked: Parameters<Bridge['read']>) => {
        const result = await bridge.read(...asked)
        await new Promise<void>((resolve) => late.push(resolve))
        return result as never
      },
    })
    const arrive = async (index: number) => {
      while (late[index] === undefined) await Promise.resolve()
      late[index]()
    }
    const asked = read(client, null)
    await arrive(0)
    const held = valueOf(await asked)
    const states: Row[][] = []
    const readings = ['g', 'h'].map((id) => {
      world.now = [...world.now.slice(1), row(id)]
      states.push(world.now)
      return read(client, held)
    })
    await arrive(2)
    expect(valueOf(await (readings[1] ?? asked)).value).toEqual(states[1])
    await arrive(1)
    expect(valueOf(await (readings[0] ?? asked)).value).toEqual(states[0])
  })

  it('is what the engine answers, whatever happens', async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('rows' as const),
        to: fc.array(
          fc.tuple(fc.constantFrom(...ids), fc.nat(2)).map(([id, n]) => row(id, n)),
          { maxLength: 8 },
        ),
      }),
      fc.record({ kind: fc.constant('read' as const), window: fc.nat(2) }),
      fc.record({ kind: fc.constant('restart' as const) }),
      fc.record({ kind: fc.constant('reload' as const), window: fc.nat(2) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { world, open } = engineOf(rows())
        const windows = [open(), open(), open()]
        for (const one of steps) {
          if (one.kind === 'rows') world.now = one.to
          else if (one.kind === 'restart') world.answers = new Answers()
          else if (one.kind === 'reload') windows[one.window] = open()
          else expect(await windows[one.window]?.()).toEqual(world.now)
        }
      }),
      { numRuns: 500 },
    )
  })
})
