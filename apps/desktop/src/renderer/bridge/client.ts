import type {
  AppError,
  Bridge,
  BridgeEvent,
  BridgeInput,
  BridgeMethod,
  BridgeOutputs,
  BridgeResult,
} from '@parley/contracts'

/**
 * The bridge as the components use it. Expected failures are values; a rejected promise is a bug of
 * ours, logged here once and shown as `internal`, so that no caller has to catch.
 */
export interface Client {
  ask<Method extends BridgeMethod>(
    method: Method,
    input: BridgeInput<Method>,
  ): Promise<BridgeResult<BridgeOutputs[Method]>>
  on: Bridge['on']
}

export const INTERNAL: AppError = { code: 'internal', details: {} }

export function createClient(bridge: Bridge): Client {
  return {
    async ask(method, input) {
      try {
        return await bridge.call(method, input)
      } catch (cause) {
        // oxlint-disable-next-line no-console -- the one place where a bug of the bridge is logged
        console.error(`bridge: ${method}`, cause)
        return { ok: false, error: INTERNAL }
      }
    },
    on: fanOut(bridge),
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
