import type { TeamView } from '@parley/contracts'
import { type Permission, type Role, reachOf } from '@parley/domain'
import { useMemo } from 'react'

import { useDirectory, useMe } from './views.ts'

/** The teams for which this person has the permission. */
export function useTeamsWith(permission: Permission): TeamView[] {
  const { teams } = useDirectory()
  const { role } = useMe()
  return useMemo(() => teamsWith(permission, { role, teams }), [permission, role, teams])
}

export function teamsWith(
  permission: Permission,
  { role, teams }: { role: Role; teams: ReadonlyMap<string, TeamView> },
): TeamView[] {
  const reach = reachOf(role, permission)
  if (reach === 'none' || reach === 'own') return []
  return [...teams.values()].filter((team) => reach === 'all' || team.isMine)
}
