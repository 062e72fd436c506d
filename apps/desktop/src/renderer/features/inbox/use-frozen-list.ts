import type { InboxSection } from '@parley/contracts'
import { useMemo, useState } from 'react'

import { type FrozenList, asShown, keepPlaces } from './frozen-order.ts'

const EMPTY: FrozenList = { sections: [], changes: 0 }

/**
 * The list as it is to be shown.
 * @param listName changes with the view: another list is never held in the places of the last one
 */
export function useFrozenList(
  latest: readonly InboxSection[] | undefined,
  isHeld: boolean,
  listName: string,
): FrozenList & { settle: () => void } {
  const [held, setHeld] = useState<{ sections: readonly InboxSection[]; listName: string } | null>(
    null,
  )

  // Decided while drawing, so that no frame shows the new order and then the old one.
  let holding = held !== null && held.listName === listName && isHeld ? held : null
  if (isHeld && holding === null && latest) {
    holding = { sections: latest, listName }
    setHeld(holding)
  } else if (!isHeld && held !== null) {
    setHeld(null)
  }

  const list = useMemo(() => {
    if (!latest) return EMPTY
    return holding ? keepPlaces(holding.sections, latest) : asShown(latest)
  }, [latest, holding])
  return { ...list, settle: () => latest && isHeld && setHeld({ sections: latest, listName }) }
}
