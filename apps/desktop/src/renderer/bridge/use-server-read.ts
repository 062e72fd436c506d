import type { AppError, BridgeInput, BridgeOutputs, EngineMethod } from '@parley/contracts'
import { useCallback, useEffect, useRef, useState } from 'react'

import { type ReadMethod } from '../contributions/contributed.ts'
import { useConnected } from './bridge-context.tsx'
import { useConnection } from './views.ts'

/** What only the server knows, and no feed tells of. */
type ServerMethod = Exclude<EngineMethod, ReadMethod>

export interface ServerRead<Value> {
  /** The last good answer; stays when the line is gone. */
  value: Value | undefined
  error: AppError | null
  readAgain: () => void
  /** What the server has just answered to a change. */
  put: (value: Value) => void
}

const UNREACHABLE: AppError = { code: 'server_unreachable', details: {} }

/** Read when it is shown, when the line comes back, and when it is asked for. */
export function useServerRead<Method extends ServerMethod>(
  method: Method,
  input: BridgeInput<Method>,
): ServerRead<BridgeOutputs[Method]> {
  const { client } = useConnected()
  const isOnline = useConnection()?.state === 'online'
  const [value, setValue] = useState<BridgeOutputs[Method]>()
  const [error, setError] = useState<AppError | null>(null)
  const latest = useRef<() => void>(() => {})
  const key = JSON.stringify(input)
  useEffect(() => {
    if (!isOnline) return
    let gone = false
    const read = async () => {
      const given = (key === undefined ? undefined : JSON.parse(key)) as BridgeInput<Method>
      const result = await client.ask(method, given)
      if (gone) return
      if (result.ok) setValue(result.value)
      setError(result.ok ? null : result.error)
    }
    latest.current = () => void read()
    void read()
    return () => {
      gone = true
      latest.current = () => {}
    }
  }, [client, method, key, isOnline])
  const readAgain = useCallback(() => latest.current(), [])
  const put = useCallback((next: BridgeOutputs[Method]) => {
    setValue(next)
    setError(null)
  }, [])
  const isUnreachable = !isOnline && value === undefined
  return { value, error: isUnreachable ? UNREACHABLE : error, readAgain, put }
}
