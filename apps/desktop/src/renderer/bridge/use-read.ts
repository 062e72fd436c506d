import type { BridgeInput, BridgeOutputs } from '@parley/contracts'
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react'

import { type ReadMethod } from '../contributions/contributed.ts'
import { useConnected } from './bridge-context.tsx'
import { type ReadState } from './read-cache.ts'

export interface Read<Value> extends ReadState<Value> {
  readAgain: () => void
}

const noListener = () => () => {}
const NOTHING: ReadState<never> = { value: undefined, error: null }

/** What the engine answers to this question, read again whenever it changes. Null asks nothing. */
export function useRead<Method extends ReadMethod>(
  method: Method,
  input: BridgeInput<Method> | null,
): Read<BridgeOutputs[Method]> {
  const { reads } = useConnected()
  const key = input === null ? null : `${method} ${JSON.stringify(input)}`
  const subscribe = useMemo(
    () =>
      key === null
        ? noListener
        : (listener: () => void) =>
            reads.subscribe(key, method, input as BridgeInput<Method>, listener),
    // oxlint-disable-next-line react/memo-dependencies, react-hooks/exhaustive-deps -- the key stands for the method and the input
    [reads, key],
  )
  const state = useSyncExternalStore(subscribe, (): ReadState<BridgeOutputs[Method]> =>
    key === null ? NOTHING : reads.state<Method>(key),
  )
  const readAgain = useCallback(() => {
    if (key !== null) reads.readAgain(key)
  }, [reads, key])
  return { ...state, readAgain }
}

/** For questions without input: `undefined` is their input, so null cannot be confused with it. */
export function useReadAll<Method extends WholeRead>(method: Method): Read<BridgeOutputs[Method]> {
  return useRead(method, undefined as BridgeInput<Method>)
}

type WholeRead = {
  [Method in ReadMethod]: undefined extends BridgeInput<Method> ? Method : never
}[ReadMethod]

/** True once something has been awaited long enough to be worth showing. */
export function useIsSlow(waiting: boolean, afterMs = 120): boolean {
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    if (!waiting) return
    const timer = setTimeout(() => setSlow(true), afterMs)
    return () => {
      clearTimeout(timer)
      setSlow(false)
    }
  }, [waiting, afterMs])
  return waiting && slow
}
