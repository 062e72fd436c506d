import type { Reach } from '@parley/contracts'

import { useIsSlow } from './use-read.ts'

/** The server is asked meanwhile, and mostly answers before anybody has read this. */
const PARTIAL_AFTER_MS = 1500

/** Whether an answer is of what is on this device alone, and has been for long enough to be worth saying. */
export function useIsPartial(answer: Reach | undefined): boolean {
  return useIsSlow(answer?.isPartial ?? false, PARTIAL_AFTER_MS)
}
