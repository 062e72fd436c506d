import type { AlertView } from '@parley/contracts'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { useNotifyRefusal } from '../../ui/use-notify-refusal.ts'
import { useListedActions } from '../conversation/index.ts'

export interface AlertActions {
  takeOver: (alert: AlertView) => Promise<void>
  open: (alert: AlertView) => void
  /** An intent: it waits in the outbox where there is no line. */
  acknowledge: (alert: AlertView) => Promise<void>
}

/** What can be done with an alert in the workstation's window. */
export function useAlertActions(): AlertActions {
  const ask = useAsk()
  const notifyRefusal = useNotifyRefusal()
  const { open, takeOver } = useListedActions()
  return {
    open,
    takeOver,
    acknowledge: async ({ id }) => {
      const result = await ask('alerts.acknowledge', { alertId: id })
      if (!result.ok) notifyRefusal(result.error)
    },
  }
}
