import type {
  AppError,
  Bridge,
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
    on: (event, listener) => bridge.on(event, listener),
  }
}
