import { useConnected } from '../../bridge/bridge-context.tsx'
import { usePreferences } from '../../bridge/views.ts'
import { useIsNarrow } from '../../app/use-media-query.ts'
import { viewStore } from '../../app/view-store.ts'

/** Open where it lies over the conversation, in narrow windows. */
const useOverlay = viewStore(() => ({ isOpen: false }))

/** Whether the panel is open, and its switch: a preference where there is room, a passing overlay where not. */
export function useCustomerPanel(): { isOpen: boolean; isOverlay: boolean; toggle: () => void } {
  const { client } = useConnected()
  const { customerPanelOpen } = usePreferences()
  const isOverlay = useIsNarrow()
  const isOverlayOpen = useOverlay(({ isOpen }) => isOpen)
  return {
    isOverlay,
    isOpen: isOverlay ? isOverlayOpen : customerPanelOpen,
    toggle: () => {
      if (isOverlay) useOverlay.setState({ isOpen: !isOverlayOpen })
      else void client.ask('preferences.set', { customerPanelOpen: !customerPanelOpen })
    },
  }
}
