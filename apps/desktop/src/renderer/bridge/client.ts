import type {
  AppError,
  Bridge,
  BridgeEvent,
  BridgeInput,
  BridgeMethod,
  BridgeOutputs,
  BridgeResult,
  Reading,
  ShownMethod,
} from '@parley/contracts'
import { sharing, withChanges } from '@parley/contracts/values'

/** An answer that is on the screen, by which the engine knows it. */
export interface Held<Value> {
  id: number
  value: Value
}

/**
 * The bridge as the components use it. Expected failures are values; a rejected promise is a bug of
 * ours, logged here once and shown as `internal`, so that no caller has to catch.
 */
export interface Client {
  ask<Method extends BridgeMethod>(
    method: Method,
    input: BridgeInput<Method>,
  ): Promise<BridgeResult<BridgeOutputs[Method]>>
  /**
   * For what is asked again and again: of an answer that is held only what has changed in it comes over the bridge, and
   * what has not changed stays the same objects, so that components compare by identity and a list of thousands redraws
   * only the rows that differ.
   */
  read<Method extends ShownMethod>(
    method: Method,
    input: BridgeInput<Method>,
    held: Held<BridgeOutputs[Method]> | null,
  ): Promise<BridgeResult<Held<BridgeOutputs[Method]>>>
  on: Bridge['on']
}

export const INTERNAL: AppError = { code: 'internal', details: {} }

export function createClient(bridge: Bridge): Client {
  return {
    ask: (method, input) => logged(method, () => bridge.call(method, input)),
    read: (method, input, held) =>
      logged(method, async () => {
        const result = await bridge.read(method, input, held?.id ?? null)
        // What was held when it was asked is what has changed, whatever has been answered since.
        return result.ok ? { ok: true, value: readingOver(held, result.value) } : result
      }),
    on: fanOut(bridge),
  }
}

function readingOver<Value>(held: Held<Value> | null, reading: Reading<Value>): Held<Value> {
  const { id } = reading
  const before = held?.value
  if ('whole' in reading) return { id, value: sharing(before, reading.whole) }
  const { changes } = reading
  return { id, value: (changes === null ? before : withChanges(before, changes)) as Value }
}

async function logged<Value>(
  method: BridgeMethod,
  ask: () => Promise<BridgeResult<Value>>,
): Promise<BridgeResult<Value>> {
  try {
    return await ask()
  } catch (cause) {
    // oxlint-disable-next-line no-console -- the one place where a bug of the bridge is logged
    console.error(`bridge: ${method}`, cause)
    return { ok: false, error: INTERNAL }
  }
}

/**
 * Asks the bridge once for each event: every function that crosses it is kept on both sides, for longer than whoever
 * listened, and components come and go all shift.
 */
function fanOut(bridge: Bridge): Bridge['on'] {
  const listeners = new Map<BridgeEvent, Set<(payload: never) => void>>()
  return (event, listener) => {
    let listening = listeners.get(event)
    if (listening === undefined) {
      const added = new Set<(payload: never) => void>()
      bridge.on(event, (payload) => {
        for (const entry of added) entry(payload as never)
      })
      listeners.set(event, (listening = added))
    }
    // A function of its own, so that the same listener given twice is heard twice and ends one at a time.
    const entry = (payload: never): void => listener(payload)
    listening.add(entry)
    return () => void listening.delete(entry)
  }
}
