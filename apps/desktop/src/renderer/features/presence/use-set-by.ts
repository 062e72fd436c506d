import { useEffect, useState } from 'react'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { useDirectory, useMe } from '../../bridge/views.ts'

/** Everything that could still be the present state began within this time. */
const LOOK_BACK_MS = 24 * 60 * 60 * 1000

/** Who set this person's presence for them, by name; null: they themselves, or it cannot be known now. */
export function useSetBy(isAsked: boolean): string | null {
  const ask = useAsk()
  const { id, presence } = useMe()
  const { people } = useDirectory()
  const [setBy, setSetBy] = useState<{ since: string; userId: string } | null>(null)
  const { since } = presence
  useEffect(() => {
    if (!isAsked) return
    let gone = false
    const look = async () => {
      const now = Date.now()
      const [from, to] = [now - LOOK_BACK_MS, now + 60_000].map((at) => new Date(at).toISOString())
      const result = await ask('presence.history', { userId: id, from: from ?? '', to: to ?? '' })
      if (gone || !result.ok) return
      const present = result.value.find(({ endedAt }) => endedAt === null)
      const by = present?.setBy ?? null
      setSetBy(by === null || by === id ? null : { since, userId: by })
    }
    void look()
    return () => {
      gone = true
    }
  }, [ask, id, isAsked, since])
  return setBy?.since === since ? (people.get(setBy.userId)?.fullName ?? null) : null
}
