import type { Reach } from '@parley/contracts'

import { useIsSlow } from './use-read.ts'

/** The server is asked meanwhile, and mostly answers before anybody has read this. */
const PARTIAL_AFTER_MS = 1500

/**
 * How far an answer is known to reach: as far as there is anything, as far as this device, or, while the server may still
 * say the rest, nobody knows yet. That there is nothing is only said of what is known.
 */
export type Extent = 'all' | 'here' | 'unknown'

export function useExtent(answer: Reach | undefined): Extent {
  return extentOf(answer, useIsPartial(answer))
}

/** @param isSaid it has been partial for long enough to be said */
export function extentOf(answer: Reach | undefined, isSaid: boolean): Extent {
  if (answer?.isPartial === false) return 'all'
  return isSaid ? 'here' : 'unknown'
}

/** Whether an answer is of what is on this device alone, and has been for long enough to be worth saying. */
export function useIsPartial(answer: Reach | undefined): boolean {
  return useIsSlow(answer?.isPartial ?? false, PARTIAL_AFTER_MS)
}
