import { useEffect, useState } from 'react'

import type * as DialogParts from './dialog-parts.ts'
import { useViewState } from './view-state.ts'

type Parts = typeof DialogParts

/** What lies over the workspace. */
export function Dialogs() {
  const parts = useParts()
  const isOutboxOpen = useViewState((state) => state.isOutboxOpen)
  if (!parts) return null
  return (
    <>
      {isOutboxOpen && <parts.OutboxSheet />}
      <OpenDialog {...parts} />
    </>
  )
}

function OpenDialog({
  Palette,
  HelpSheet,
  HandoverDialog,
  SignOutDialog,
  SignInAgainDialog,
}: Parts) {
  const dialog = useViewState((state) => state.dialog)
  const close = useViewState((state) => state.closeDialog)
  switch (dialog?.kind) {
    case undefined:
      return null
    case 'palette':
      return <Palette scope={dialog.scope} onClose={close} />
    case 'help':
      return <HelpSheet onClose={close} />
    case 'handover':
      return (
        <HandoverDialog mode={dialog.mode} conversationId={dialog.conversationId} onClose={close} />
      )
    case 'sign_out':
      return <SignOutDialog onClose={close} />
    case 'sign_in_again':
      return <SignInAgainDialog onClose={close} />
  }
}

/**
 * Fetched right after the first paint, and then drawn in the very moment one of them is asked for: React's
 * own `lazy` waits before it shows what is there already, and what is typed meanwhile would go elsewhere.
 */
function useParts(): Parts | null {
  const [parts, setParts] = useState<Parts | null>(null)
  useEffect(() => {
    let gone = false
    const fetch = async () => {
      const fetched = await import('./dialog-parts.ts')
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
