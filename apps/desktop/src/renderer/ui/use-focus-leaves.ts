import { useEffectEvent, useLayoutEffect } from 'react'

/** Before something is taken from the page, while the focus can still be seen to be in it. */
export function useFocusLeaves(
  place: { current: HTMLElement | null },
  onLeave: (() => void) | undefined,
): void {
  const leave = useEffectEvent(() => onLeave?.())
  useLayoutEffect(() => {
    const element = place.current
    return () => {
      if (element?.contains(document.activeElement)) leave()
    }
  }, [place])
}
