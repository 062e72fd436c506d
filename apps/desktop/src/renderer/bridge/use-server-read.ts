import type { AppError, BridgeInput, BridgeOutputs, EngineMethod } from '@parley/contracts'
import { useCallback, useEffect, useRef, useState } from 'react'

import { type ReadMethod } from '../contributions/contributed.ts'
import { useConnected } from './bridge-context.tsx'
import { useConnection } from './views.ts'

/** What only the server knows, and no feed tells of. */
export type ServerMethod = Exclude<EngineMethod, ReadMethod>

export interface ServerRead<Value> {
  /** The last good answer; stays when the line is gone. */
  value: Value | undefined
  error: AppError | null
  readAgain: () => Promise<void>
  /** What the server has just answered to a change. */
  put: (value: Value) => void
}

const UNREACHABLE: AppError = { code: 'server_unreachable', details: {} }

/** Read when it is shown, when the line comes back, and when it is asked for. Null asks nothing. */
export function useServerRead<Method extends ServerMethod>(
  method: Method,
  input: BridgeInput<Method> | null,
): ServerRead<BridgeOutputs[Method]> {
  const { client } = useConnected()
  const isOnline = useConnection()?.state === 'online'
  const key = input === null ? null : JSON.stringify({ input })
  const [state, setState] = useState<{
    key: string | null
    value: BridgeOutputs[Method] | undefined
    error: AppError | null
  }>({ key: null, value: undefined, error: null })
  const newest = useRef(0)
  const readAgain = useCallback(async () => {
    if (key === null) return
    const asked = (newest.current += 1)
    const given = JSON.parse(key) as { input: BridgeInput<Method> }
    const result = await client.ask(method, given.input)
    // What was asked or answered since is what is so.
    if (asked !== newest.current) return
    setState((before) => ({
      key,
      value: result.ok ? result.value : before.key === key ? before.value : undefined,
      error: result.ok ? null : result.error,
    }))
  }, [client, method, key])
  useEffect(() => {
    if (isOnline) void readAgain()
  }, [isOnline, readAgain])
  const put = useCallback(
    (value: BridgeOutputs[Method]) => {
      newest.current += 1
      setState({ key, value, error: null })
    },
    [key],
  )
  const { value, error } = state.key === key ? state : { value: undefined, error: null }
  const isUnreachable = !isOnline && value === undefined && key !== null
  return { value, error: isUnreachable ? UNREACHABLE : error, readAgain, put }
}
