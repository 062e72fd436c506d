import type { AppError, BridgeInput, BridgeOutputs } from '@parley/contracts'
import { useState } from 'react'

import { useNotifyRefusal } from '../ui/use-notify-refusal.ts'
import { useAsk } from './bridge-context.tsx'
import { type ServerMethod, useServerRead } from './use-server-read.ts'

interface ServerPages<Page> {
  /** Undefined until the first is there. */
  pages: readonly Page[] | undefined
  error: AppError | null
  readAgain: () => Promise<void>
  /** Null: these are all. */
  readMore: (() => Promise<void>) | null
}

/**
 * The first page of what only the server knows, and further ones where somebody asks.
 * @param inputOf of the page after a place; null: of the first
 * @param nextOf the place after a page; null: it is the last
 */
export function useServerPages<Method extends ServerMethod, Place>(
  method: Method,
  inputOf: (place: Place | null) => BridgeInput<Method>,
  nextOf: (page: BridgeOutputs[Method]) => Place | null,
): ServerPages<BridgeOutputs[Method]> {
  type Page = BridgeOutputs[Method]
  const ask = useAsk()
  const notifyRefusal = useNotifyRefusal()
  const { value: first, error, readAgain } = useServerRead(method, inputOf(null))
  const [further, setFurther] = useState<{ after: Page; pages: Page[] } | null>(null)
  if (first === undefined) return { pages: undefined, error, readAgain, readMore: null }
  // What was read on belongs to one answer.
  const others = further !== null && further.after === first ? further.pages : []
  const next = nextOf(others.at(-1) ?? first)
  const readMore = async () => {
    const result = await ask(method, inputOf(next))
    if (result.ok) setFurther({ after: first, pages: [...others, result.value] })
    else notifyRefusal(result.error)
  }
  return { pages: [first, ...others], error, readAgain, readMore: next === null ? null : readMore }
}
