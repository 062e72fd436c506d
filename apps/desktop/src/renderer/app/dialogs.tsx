import { type LateParts } from './use-late-parts.ts'
import { useViewState } from './view-state.ts'

/** What lies over the workspace. */
export function Dialogs({ parts }: { parts: LateParts | null }) {
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
  EndShiftDialog,
  SignOutDialog,
  SignInAgainDialog,
}: LateParts) {
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
    case 'end_shift':
      return <EndShiftDialog onClose={close} />
    case 'sign_out':
      return <SignOutDialog onClose={close} />
    case 'sign_in_again':
      return <SignInAgainDialog onClose={close} />
  }
}
