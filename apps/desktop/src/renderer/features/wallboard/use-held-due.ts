import type { WallboardDue } from '@parley/contracts'
import { type FocusEvent, type KeyboardEvent, useState } from 'react'

import { asRead, holdPlaces } from './held-due.ts'

/** Nothing moves under the hand: while the pointer or the keys are in the list, its rows keep their places. */
export function useHeldDue(latest: readonly WallboardDue[]) {
  const [pointerIn, setPointerIn] = useState(false)
  const [keysIn, setKeysIn] = useState(false)
  const [kept, setKept] = useState<readonly WallboardDue[] | null>(null)
  const isHeld = pointerIn || keysIn
  // Decided while drawing, so that no frame shows the new order and then the old one.
  // An empty list has no places to keep.
  const places = kept === null || kept.length === 0 ? latest : kept
  const held = isHeld ? places : null
  if (held !== kept) setKept(held)
  const { rows, changes } =
    held === null ? { rows: asRead(latest), changes: 0 } : holdPlaces(held, latest)
  return {
    rows,
    changes,
    settle: () => setKept(latest),
    hand: {
      onPointerEnter: () => setPointerIn(true),
      onPointerLeave: () => setPointerIn(false),
      onFocus: ({ target }: FocusEvent) => setKeysIn(target.matches(':focus-visible')),
      onKeyDown: ({ target }: KeyboardEvent) => setKeysIn(target instanceof Element),
      onBlur: () => setKeysIn(false),
    },
  }
}
