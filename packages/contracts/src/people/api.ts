import { DIRECTORY_PARTS, MANAGERS, PERSON_STATES, POLICY_BOUNDS, ROLES } from '@parley/domain'
import { z } from 'zod'

import { id, instant, typedText } from '../primitives.ts'

/** People, teams, sessions and what holds for all accounts, as administrators see and change them. */

const email = z.email().trim().max(255)
const fullName = typedText(255).trim().min(1)

const peoplePlace = z.object({ fullName: typedText(255), id })
/** By name. */
export const peopleInput = z.object({
  /** A part of the name or of the address; empty: everybody. */
  text: typedText(100).trim(),
  roles: z.array(z.enum(ROLES)).max(ROLES.length),
  teamId: id.nullable(),
  states: z.array(z.enum(PERSON_STATES)).max(PERSON_STATES.length),
  /** `next` of the page before; null: from the beginning. */
  page: peoplePlace.nullable(),
  limit: z.int().min(1).max(200),
})
export type PeopleInput = z.infer<typeof peopleInput>

export const personSummary = z.object({
  id,
  fullName: z.string(),
  email: z.string(),
  role: z.enum(ROLES),
  teamIds: z.array(id),
  state: z.enum(PERSON_STATES),
  hasSecondFactor: z.boolean(),
  /** By whom they sign in without a password of ours. */
  providers: z.array(z.string()),
  managedBy: z.enum(MANAGERS),
  /** What the directory says of them, and nobody changes here. */
  fromDirectory: z.array(z.enum(DIRECTORY_PARTS)),
  /** Whether a directory has sent them: taken over, they can be given back to it. */
  isSent: z.boolean(),
  /** Living sessions. */
  sessions: z.int(),
  /** When a workstation of theirs was last heard of. */
  lastSeenAt: instant.nullable(),
  /** When the open link ends; null where there is none. */
  linkExpiresAt: instant.nullable(),
  createdAt: instant,
})
export type PersonSummary = z.infer<typeof personSummary>
export const peopleOutput = z.object({
  people: z.array(personSummary),
  next: peoplePlace.nullable(),
  /** Of all, whatever was asked for. */
  counts: z.object({ active: z.int(), invited: z.int(), expected: z.int(), inactive: z.int() }),
})
export type PeopleOutput = z.infer<typeof peopleOutput>

export const personInput = z.object({ userId: id })

/** @throws `taken`, `not_found` for a team that is none */
export const inviteInput = z.object({
  fullName,
  email,
  role: z.enum(ROLES),
  teamIds: z.array(id).max(200),
})
/** The token is in this answer and nowhere else: whoever has it is let in, once. */
export const linkOutput = z.object({ userId: id, token: z.string(), expiresAt: instant })
export type LinkOutput = z.infer<typeof linkOutput>

/** @throws `taken`, `not_found`; these and the next ones `managed_elsewhere` for what the directory says */
export const savePersonInput = z.object({ userId: id, fullName, email })
export const setRoleInput = z.object({ userId: id, role: z.enum(ROLES) })
export const setTeamsInput = z.object({ userId: id, teamIds: z.array(id).max(200) })
export const setActiveInput = z.object({ userId: id, isActive: z.boolean() })

const sessionPlace = z.object({ lastUsedAt: instant, id })
export type SessionPlace = z.infer<typeof sessionPlace>
/** Those that live, the longest unheard first. */
export const sessionsInput = z.object({
  userId: id.nullable(),
  page: sessionPlace.nullable(),
  limit: z.int().min(1).max(200),
})
export const livingSession = z.object({
  id,
  userId: id,
  deviceName: z.string(),
  platform: z.string(),
  address: z.string().nullable(),
  createdAt: instant,
  lastUsedAt: instant,
})
export type LivingSession = z.infer<typeof livingSession>
export const sessionsOutput = z.object({
  sessions: z.array(livingSession),
  next: sessionPlace.nullable(),
  count: z.int(),
})
export type SessionsOutput = z.infer<typeof sessionsOutput>
export const endSessionInput = z.object({ sessionId: id })

const teamName = typedText(100).trim().min(1)
const teamDescription = typedText(1000).trim().nullable()
/** @throws `taken` */
export const createTeamInput = z.object({ id, name: teamName, description: teamDescription })
/** @throws `taken`, `not_found` */
export const saveTeamInput = z.object({ teamId: id, name: teamName, description: teamDescription })
/**
 * Switched off, a team gets nothing new; what stands open in it stays with its people until they are done, or it is
 * moved. @throws `not_found`, `required` where no other team would be left (what: `another_team`)
 */
export const setTeamActiveInput = z.object({ teamId: id, isActive: z.boolean() })
/** So many at once; asked again until none is left. @throws `not_assignable`, `not_found` */
export const moveOpenInput = z.object({ teamId: id, to: id })
export const moveOpenOutput = z.object({ moved: z.int(), left: z.int() })
export type MoveOpenOutput = z.infer<typeof moveOpenOutput>
export const teamSummary = z.object({
  id,
  name: z.string(),
  description: z.string().nullable(),
  isActive: z.boolean(),
  people: z.int(),
  openConversations: z.int(),
})
export type TeamSummary = z.infer<typeof teamSummary>
export const teamsOutput = z.array(teamSummary)

const within = ([least, most]: readonly [number, number]) => z.int().min(least).max(most)

/** What holds for all accounts. */
export const securityPolicy = z.object({
  /** Of a device that is not heard of. */
  sessionIdleMinutes: within(POLICY_BOUNDS.sessionIdleMinutes),
  /** Of a session, however much it is used. */
  sessionLifetimeMinutes: within(POLICY_BOUNDS.sessionLifetimeMinutes),
  passwordMinLength: within(POLICY_BOUNDS.passwordMinLength),
  secondFactorRoles: z.array(z.enum(ROLES)).max(ROLES.length),
})
export type SecurityPolicy = z.infer<typeof securityPolicy>
export const securityPolicyOutput = z.object({ version: z.int(), policy: securityPolicy })
export type SecurityPolicyOutput = z.infer<typeof securityPolicyOutput>
/** @throws `conflict` where another version stands */
export const saveSecurityPolicyInput = z.object({ policy: securityPolicy, basedOn: z.int() })

/** What a group of the company's directory stands for: a role, or a team, or both. Names are compared without case. */
const groupMapping = z
  .object({
    name: typedText(255).trim().min(1),
    role: z.enum(ROLES).nullable(),
    teamId: id.nullable(),
  })
  .refine(({ role, teamId }) => role !== null || teamId !== null, 'stands for nothing')
export type GroupMapping = z.infer<typeof groupMapping>
const groupMappings = z.array(groupMapping).max(500)
export const groupMappingsOutput = z.object({ version: z.int(), mappings: groupMappings })
export type GroupMappingsOutput = z.infer<typeof groupMappingsOutput>
/**
 * The whole list. What follows for people whose groups are known is done at once, person by person.
 * @throws `conflict` where another version stands, `taken` for a name that is there twice, `not_found` for a team
 */
export const saveGroupMappingsInput = z.object({ mappings: groupMappings, basedOn: z.int() })
