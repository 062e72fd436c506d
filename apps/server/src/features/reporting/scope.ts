import { may, reachOf, type Permission } from '@parley/domain'

import { type SessionActor } from '../../platform/actor.ts'
import { Failure } from '../../platform/failure.ts'

/** Whose figures a person gets. Null: everybody's, or every team's. */
export interface ReportScope {
  userId: string | null
  teamIds: readonly string[] | null
}

/**
 * What a person asked for, narrowed to what they may see: an agent gets their own whoever they name.
 * @throws Failure `forbidden` for a team that is not theirs
 */
export function scopeOf(
  actor: SessionActor,
  permission: Permission,
  wanted: { teamId: string | null; userId: string | null },
): ReportScope {
  const teamIds = wanted.teamId === null ? null : [wanted.teamId]
  const reach = reachOf(actor.role, permission)
  if (reach === 'own') return { userId: actor.userId, teamIds }
  if (reach === 'all') return { userId: wanted.userId, teamIds }
  const { teamId } = wanted
  if (teamId !== null && !may(actor, permission, { teamId, assignedTo: null })) {
    throw new Failure('forbidden', { permission })
  }
  return { userId: wanted.userId, teamIds: teamIds ?? actor.teamIds }
}
