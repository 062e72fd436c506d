import type { WallboardDue } from '@parley/contracts'
import { useState } from 'react'

import { useHand } from '../../ui/use-hand.ts'
import { asRead, holdPlaces } from './held-due.ts'

/** Nothing moves under the hand: while the pointer or the keys are in the list, its rows keep their places. */
export function useHeldDue(latest: readonly WallboardDue[]) {
  const hand = useHand('*')
  const [kept, setKept] = useState<readonly WallboardDue[] | null>(null)
  // Decided while drawing, so that no frame shows the new order and then the old one.
  // An empty list has no places to keep.
  const places = kept === null || kept.length === 0 ? latest : kept
  const held = hand.isIn ? places : null
  if (held !== kept) setKept(held)
  const { rows, changes } =
    held === null ? { rows: asRead(latest), changes: 0 } : holdPlaces(held, latest)
  return {
    rows,
    changes,
    settle: () => setKept(latest),
    hand: hand.props,
  }
}
