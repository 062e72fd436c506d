import type { TeamView } from '@parley/contracts'
import { type Permission, reachOf } from '@parley/domain'
import { useMemo } from 'react'

import { useDirectory, useMe } from './views.ts'

/** The teams for which this person has the permission. */
export function useTeamsWith(permission: Permission): TeamView[] {
  const { teams } = useDirectory()
  const { role } = useMe()
  return useMemo(() => {
    const reach = reachOf(role, permission)
    if (reach === 'none' || reach === 'own') return []
    return [...teams.values()].filter((team) => reach === 'all' || team.isMine)
  }, [teams, role, permission])
}
