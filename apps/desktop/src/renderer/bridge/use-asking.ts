import type {
  AppError,
  BridgeInput,
  BridgeMethod,
  BridgeOutputs,
  BridgeResult,
} from '@parley/contracts'
import { useState } from 'react'

import { useAsk } from './bridge-context.tsx'

interface Asking {
  /** Asked, and not answered yet. */
  isBusy: boolean
  /** What the last answer refused. */
  error: AppError | null
  forgetError: () => void
  ask: <Method extends BridgeMethod>(
    method: Method,
    input: BridgeInput<Method>,
  ) => Promise<BridgeResult<BridgeOutputs[Method]>>
}

/** Asks for one thing at a time, and keeps why it was refused. */
export function useAsking(): Asking {
  const ask = useAsk()
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<AppError | null>(null)
  return {
    isBusy,
    error,
    forgetError: () => setError(null),
    async ask(method, input) {
      setBusy(true)
      const result = await ask(method, input)
      setBusy(false)
      setError(result.ok ? null : result.error)
      return result
    },
  }
}
