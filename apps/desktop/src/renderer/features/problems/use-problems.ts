import type { ProblemView } from '@parley/contracts'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { useReadAll } from '../../bridge/use-read.ts'
import { useNotifyRefusal } from '../../ui/use-notify-refusal.ts'

/** Those that stand; none for whoever may not see them. */
export function useProblems(): readonly ProblemView[] {
  return useReadAll('problems.list').value ?? []
}

/** It is quiet for everybody then. */
export function useAcknowledge(): (problem: ProblemView) => Promise<void> {
  const ask = useAsk()
  const notifyRefusal = useNotifyRefusal()
  return async ({ id }) => {
    const result = await ask('problems.acknowledge', { problemId: id })
    if (!result.ok) notifyRefusal(result.error)
  }
}
