import { type FocusEvent, type KeyboardEvent, useState } from 'react'

/**
 * Whether the pointer or the keyboard is in a list: then nothing in it moves.
 * @param withKeys what in it takes the keys, as a selector
 */
export function useHand(withKeys: string) {
  const [pointerIn, setPointerIn] = useState(false)
  const [keysIn, setKeysIn] = useState(false)
  return {
    isIn: pointerIn || keysIn,
    props: {
      onPointerEnter: () => setPointerIn(true),
      onPointerLeave: () => setPointerIn(false),
      // A click leaves the focus here too, but the hand has gone on; only who steers by keys is still here.
      onFocus: ({ target }: FocusEvent) => setKeysIn(target.matches(`${withKeys}:focus-visible`)),
      onKeyDown: ({ target }: KeyboardEvent) =>
        target instanceof Element && target.matches(withKeys) && setKeysIn(true),
      onBlur: () => setKeysIn(false),
    },
  }
}
