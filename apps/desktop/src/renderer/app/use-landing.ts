import { useEffect, useRef } from 'react'

import { useDirectory, useMe } from '../bridge/views.ts'
import { type RailEntry } from '../contributions/contribution.ts'
import { derived } from '../contributions/registry.ts'
import { MAIN, useViewState } from './view-state.ts'

const landings = derived((contributions) =>
  contributions.flatMap(({ rail }) => rail ?? []).filter(({ isLanding }) => isLanding),
)

/** Whoever takes no conversations begins where there is something for them, and not before an empty inbox. */
export function useLanding(): void {
  const { role, presence } = useMe()
  const { teams } = useDirectory()
  const hasLanded = useRef(false)
  useEffect(() => {
    if (hasLanded.current || teams.size === 0) return
    hasLanded.current = true
    const { screen, conversationId, showScreen } = useViewState.getState()
    if (presence.capacity > 0 || screen !== MAIN || conversationId !== null) return
    const landing = landings().find(({ isFor }: RailEntry) => isFor({ role, teams }))
    if (landing !== undefined) showScreen(landing.screen)
  }, [role, teams, presence.capacity])
}
