import type { AppError, BridgeInput, BridgeMethod, BridgeOutputs } from '@parley/contracts'
import { useCallback, useEffect, useRef, useState } from 'react'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { useConnection } from '../../bridge/views.ts'

export interface Answer<Value> {
  value: Value | undefined
  error: AppError | null
  readAgain: () => Promise<void>
}

/** What the server answers to a question that no feed keeps fresh: it is asked where it is shown. Null asks nothing. */
export function useAnswer<Method extends BridgeMethod>(
  method: Method,
  input: BridgeInput<Method> | null,
): Answer<BridgeOutputs[Method]> {
  const ask = useAsk()
  const isOnline = useConnection()?.state === 'online'
  const key = input === null ? null : JSON.stringify(input)
  const [state, setState] = useState<{
    key: string | null
    value: BridgeOutputs[Method] | undefined
    error: AppError | null
  }>({ key: null, value: undefined, error: null })
  const asked = useRef({ key, input })
  useEffect(() => {
    asked.current = { key, input }
  })
  const readAgain = useCallback(async () => {
    const now = asked.current
    if (now.input === null) return
    const result = await ask(method, now.input)
    // What was asked for meanwhile is something else.
    if (asked.current.key !== now.key) return
    setState((before) => ({
      key: now.key,
      value: result.ok ? result.value : before.key === now.key ? before.value : undefined,
      error: result.ok ? null : result.error,
    }))
  }, [ask, method])
  useEffect(() => {
    if (isOnline && key !== null) void readAgain()
  }, [isOnline, key, readAgain])
  const shown = state.key === key ? state : { value: undefined, error: null }
  const isUnreachable = !isOnline && shown.value === undefined && key !== null
  return {
    value: shown.value,
    error: shown.error ?? (isUnreachable ? { code: 'server_unreachable', details: {} } : null),
    readAgain,
  }
}
