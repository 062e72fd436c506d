import { useCallback, useEffect, useRef, useState } from 'react'

import { useReadAll } from '../../bridge/use-read.ts'
import { useConnection } from '../../bridge/views.ts'
import { type Answer, type ShownOffer, nextChangeAt, reconcileOffers } from './shown-offers.ts'

/** Offers to this person as they stand on the screen, and the way to take one off it. */
export function useShownOffers(): {
  shown: readonly ShownOffer[]
  answered: (offerId: string, answer: Answer) => void
} {
  const { value } = useReadAll('offers.list')
  const offset = useConnection()?.clockOffsetMs ?? 0
  const answers = useRef(new Map<string, Answer>())
  const [shown, setShown] = useState<readonly ShownOffer[]>([])
  const settle = useCallback(() => {
    setShown((before) => reconcileOffers(before, value ?? [], answers.current, Date.now() + offset))
  }, [value, offset])
  useEffect(settle, [settle])
  useEffect(() => {
    const at = nextChangeAt(shown)
    if (at === null) return
    const timer = setTimeout(settle, Math.max(0, at - Date.now() - offset))
    return () => clearTimeout(timer)
  }, [shown, settle, offset])
  const answered = useCallback(
    (offerId: string, answer: Answer) => {
      answers.current.set(offerId, answer)
      settle()
    },
    [settle],
  )
  return { shown, answered }
}
