import { useConnected } from '../bridge/bridge-context.tsx'
import { usePreferences } from '../bridge/views.ts'
import { useIsNarrow } from './use-media-query.ts'
import { useViewState } from './view-state.ts'

/** Whether the panel is open, and its switch: a preference where there is room, a passing overlay where not. */
export function useCustomerPanel(): { isOpen: boolean; isOverlay: boolean; toggle: () => void } {
  const { client } = useConnected()
  const { customerPanelOpen } = usePreferences()
  const isOverlay = useIsNarrow()
  const isOverlayOpen = useViewState((state) => state.isPanelOverlayOpen)
  const setOverlayOpen = useViewState((state) => state.setPanelOverlayOpen)
  return {
    isOverlay,
    isOpen: isOverlay ? isOverlayOpen : customerPanelOpen,
    toggle: () => {
      if (isOverlay) setOverlayOpen(!isOverlayOpen)
      else void client.ask('preferences.set', { customerPanelOpen: !customerPanelOpen })
    },
  }
}
