import { useEffect, useEffectEvent } from 'react'

import { type CommandId } from '../contributions/contributed.ts'

/**
 * What can be done now. Whoever shows a thing offers its commands while it is on the screen; the key
 * handler and the palette run them by name. The last one to offer a command has it.
 */
type Handler = (nth: number) => void
const offered = new Map<CommandId, Handler[]>()

function offer(id: CommandId, handler: Handler): () => void {
  offered.set(id, [...(offered.get(id) ?? []), handler])
  return () => {
    const rest = (offered.get(id) ?? []).filter((other) => other !== handler)
    if (rest.length === 0) offered.delete(id)
    else offered.set(id, rest)
  }
}

export function isAvailable(id: CommandId): boolean {
  return offered.has(id)
}

/** False where nobody offers it now. */
export function runCommand(id: CommandId, nth = 0): boolean {
  const handler = offered.get(id)?.at(-1)
  handler?.(nth)
  return handler !== undefined
}

/** Offers a command while the component is shown; null while it is not possible. */
export function useCommand(id: CommandId, handler: Handler | null): void {
  const run = useEffectEvent((nth: number) => handler?.(nth))
  const possible = handler !== null
  useEffect(() => (possible ? offer(id, (nth) => run(nth)) : undefined), [id, possible])
}
