import { type Role } from '../people/permissions.ts'
import { type PresenceStatus } from '../people/presence.ts'

/** A person as far as being told is concerned. All of them are active. */
export interface AlertCandidate {
  userId: string
  role: Role
  teamIds: readonly string[]
  presence: PresenceStatus
  /** Escalations that are theirs and nobody has acknowledged. */
  openEscalations: number
}

export const ESCALATION_LEVELS = [1, 2, 3] as const
/** 1 is the lead on duty, 2 the supervisors, 3 the admins. */
export type EscalationLevel = (typeof ESCALATION_LEVELS)[number]

/** Without an acknowledgement for so long, in milliseconds of plain time, an escalation rises a level. */
export const ESCALATION_STEP_MS = 5 * 60_000

export interface EscalationStep {
  level: EscalationLevel
  /** In order: the first answers for it until somebody acknowledges. Never empty. */
  recipients: string[]
}

/**
 * Who is called at this level, or at the next one that has anybody. The lead on duty is a lead of the team who
 * is present while the team is open: one, so that it is clear whose it is. Of supervisors and admins all who
 * are present are called, and where none is, all of them: they see it as soon as they come.
 * @returns null: there is nobody from this level upwards
 */
export function escalationStep(
  from: EscalationLevel,
  situation: { teamId: string | null; isTeamOpen: boolean; people: readonly AlertCandidate[] },
): EscalationStep | null {
  for (const level of ESCALATION_LEVELS) {
    if (level < from) continue
    const recipients = recipientsAt(level, situation)
    if (recipients.length > 0) return { level, recipients }
  }
  return null
}

function recipientsAt(
  level: EscalationLevel,
  {
    teamId,
    isTeamOpen,
    people,
  }: { teamId: string | null; isTeamOpen: boolean; people: readonly AlertCandidate[] },
): string[] {
  if (level === 1) {
    if (!isTeamOpen) return []
    return inOrder(leadsOf(teamId, people).filter(isPresent)).slice(0, 1)
  }
  const role = level === 2 ? 'supervisor' : 'admin'
  const all = people.filter((person) => person.role === role)
  const present = all.filter(isPresent)
  return inOrder(present.length > 0 ? present : all)
}

/** Everybody who leads this team. */
export function leadsOf(
  teamId: string | null,
  people: readonly AlertCandidate[],
): AlertCandidate[] {
  return people.filter(
    ({ role, teamIds }) => role === 'team_lead' && teamId !== null && teamIds.includes(teamId),
  )
}

/** When leads are warned, too: only of what nobody attends to, or of everything. */
export const WARN_LEADS = ['unattended', 'always'] as const
export type WarnLeads = (typeof WARN_LEADS)[number]

/** Who is warned: the agent; and the leads where there is none, or where they are not there. */
export function warningRecipients(
  conversation: { teamId: string | null; assignedTo: string | null },
  warnLeads: WarnLeads,
  people: readonly AlertCandidate[],
): string[] {
  const agent = people.find(({ userId }) => userId === conversation.assignedTo)
  const isAttended = agent !== undefined && isPresent(agent)
  const leads = warnLeads === 'always' || !isAttended ? leadsOf(conversation.teamId, people) : []
  return idsOf([...(agent ? [agent] : []), ...leads])
}

/** Who is told of a breach: the agent and all leads of the team. */
export function breachRecipients(
  conversation: { teamId: string | null; assignedTo: string | null },
  people: readonly AlertCandidate[],
): string[] {
  const agent = people.filter(({ userId }) => userId === conversation.assignedTo)
  return idsOf([...agent, ...leadsOf(conversation.teamId, people)])
}

function isPresent({ presence }: AlertCandidate): boolean {
  return presence === 'online' || presence === 'busy'
}

/** Online before busy, then who has the fewest; always the same order for the same people. */
function inOrder(people: readonly AlertCandidate[]): string[] {
  const ranks: Record<PresenceStatus, number> = { online: 0, busy: 1, away: 2, offline: 3 }
  return people
    .toSorted(
      (a, b) =>
        ranks[a.presence] - ranks[b.presence] ||
        a.openEscalations - b.openEscalations ||
        (a.userId < b.userId ? -1 : 1),
    )
    .map(({ userId }) => userId)
}

function idsOf(people: readonly AlertCandidate[]): string[] {
  return [...new Set(people.map(({ userId }) => userId))]
}
