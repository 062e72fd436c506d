import { useEffect, useState } from 'react'

import type * as Parts from './late-parts.ts'

export type LateParts = typeof Parts

/**
 * Fetched right after the first paint, and then drawn in the very moment one of them is asked for: React's
 * own `lazy` waits before it shows what is there already, and what is typed meanwhile would go elsewhere.
 */
export function useLateParts(): LateParts | null {
  const [parts, setParts] = useState<LateParts | null>(null)
  useEffect(() => {
    let gone = false
    const fetch = async () => {
      const fetched = await import('./late-parts.ts')
      if (!gone) setParts(fetched)
    }
    const frame = requestAnimationFrame(() => void fetch())
    return () => {
      gone = true
      cancelAnimationFrame(frame)
    }
  }, [])
  return parts
}
