/**
 * Who may do what: the table of the product's behaviour, as data. Procedures name the permission they
 * need; this module answers for a given person and a given conversation. Nothing here does I/O, so the
 * workstation asks the same questions offline.
 */

export const ROLES = ['agent', 'team_lead', 'supervisor', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** How far a permission reaches: nothing, what is assigned to oneself, one's teams, everything. */
export type Reach = 'none' | 'own' | 'teams' | 'all'

const REACH = {
  //                            agent    team_lead supervisor admin
  'conversation.see': ['teams', 'teams', 'all', 'all'],
  'conversation.reply': ['own', 'teams', 'all', 'all'],
  'conversation.close': ['own', 'teams', 'all', 'all'],
  'conversation.claim': ['teams', 'teams', 'all', 'all'],
  'conversation.assign': ['own', 'teams', 'all', 'all'],
  'conversation.take_over': ['none', 'teams', 'all', 'all'],
  'conversation.prioritise': ['own', 'teams', 'all', 'all'],
  'conversation.tag': ['own', 'teams', 'all', 'all'],
  'tag.manage': ['none', 'teams', 'all', 'all'],
  'canned_response.use': ['teams', 'teams', 'all', 'all'],
  'canned_response.manage': ['none', 'teams', 'all', 'all'],
  'team_settings.read': ['teams', 'teams', 'all', 'all'],
  'team_settings.manage': ['none', 'teams', 'all', 'all'],
  'customer.merge': ['none', 'all', 'all', 'all'],
  'triage.read': ['none', 'all', 'all', 'all'],
  'triage.manage': ['none', 'none', 'all', 'all'],
  'template.use': ['all', 'all', 'all', 'all'],
  'template.manage': ['none', 'none', 'all', 'all'],
  'report.see': ['own', 'teams', 'all', 'all'],
  'alert.receive': ['all', 'all', 'all', 'all'],
  'presence.see': ['teams', 'teams', 'all', 'all'],
  'presence.set_own': ['all', 'all', 'all', 'all'],
  'presence.set_others': ['none', 'teams', 'all', 'all'],
  'queue.watch': ['none', 'teams', 'all', 'all'],
  'directory.see': ['all', 'all', 'all', 'all'],
  'session.manage_own': ['all', 'all', 'all', 'all'],
  'integration.manage': ['none', 'none', 'none', 'all'],
  'problem.see': ['none', 'none', 'none', 'all'],
  'account.manage': ['none', 'none', 'none', 'all'],
  'team.manage': ['none', 'none', 'none', 'all'],
  'security.manage': ['none', 'none', 'none', 'all'],
  'audit.read': ['none', 'none', 'none', 'all'],
} as const satisfies Record<string, readonly [Reach, Reach, Reach, Reach]>

export type Permission = keyof typeof REACH
export const PERMISSIONS = Object.keys(REACH) as Permission[]

/** A person as far as permissions are concerned. */
export interface Actor {
  userId: string
  role: Role
  teamIds: readonly string[]
}

/** Whose thing it is. `teamId` is null while triage has not chosen a team. */
export interface Belonging {
  teamId: string | null
  assignedTo: string | null
}

export function reachOf(role: Role, permission: Permission): Reach {
  return REACH[permission][ROLES.indexOf(role)] ?? 'none'
}

/** Whether the role has the permission for anything at all. */
export function mayEver(role: Role, permission: Permission): boolean {
  return reachOf(role, permission) !== 'none'
}

/** Whether this person has the permission for this thing. Own things count as one's teams' things. */
export function may(actor: Actor, permission: Permission, thing: Belonging): boolean {
  const reach = reachOf(actor.role, permission)
  if (reach === 'all') return true
  if (reach === 'none') return false
  if (thing.assignedTo === actor.userId) return true
  return reach === 'teams' && thing.teamId !== null && actor.teamIds.includes(thing.teamId)
}
