import { type parseArgs } from 'node:util'

import { type z } from 'zod'

import { type Sessions } from '../../features/accounts/index.ts'
import { type People } from '../../features/people/index.ts'
import { type Queryable } from '../../platform/database.ts'
import { type Doer } from '../../platform/doer.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { CannotRun } from '../with-database.ts'

export const OPTIONS = {
  email: { type: 'string' },
  name: { type: 'string' },
  description: { type: 'string' },
  role: { type: 'string' },
  teams: { type: 'string' },
  state: { type: 'string' },
  text: { type: 'string' },
  person: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  owner: { type: 'string' },
  scopes: { type: 'string' },
  days: { type: 'string' },
  overlap: { type: 'string' },
  action: { type: 'string' },
  about: { type: 'string' },
  idle: { type: 'string' },
  lifetime: { type: 'string' },
  length: { type: 'string' },
  'second-factor': { type: 'string' },
  'client-id': { type: 'string' },
  'client-secret-file': { type: 'string' },
  domains: { type: 'string' },
  'groups-claim': { type: 'string' },
  'default-role': { type: 'string' },
  active: { type: 'string' },
  forced: { type: 'string' },
  'creates-people': { type: 'string' },
  'trusts-email': { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const

export type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']

/** Who did it, for the audit log: whoever may start programs where the server's key is. */
export const COMMAND_LINE: Doer = {
  kind: 'command_line',
  id: null,
  sessionId: null,
  address: null,
  requestId: null,
}

export interface Administration {
  services: Services
  sessions: Sessions
  people: People
  by: Doer
  values: Values
  /** One line of the answer. */
  say(line: Record<string, string | number | boolean | null | readonly string[]>): void
}

export interface Command {
  /** How many words follow the verb. */
  operands: number
  /** Every option that it takes is in it; others are refused. */
  takes: string
  does: string
  /** What is said where nothing of what was named is there. */
  notFound?: string
  run(administration: Administration, operands: string[]): Promise<void>
}

/** @throws CannotRun */
export function required(value: string | undefined, option: string): string {
  if (value === undefined || value.trim() === '') throw new CannotRun(`--${option} is missing`)
  return value
}

/** What people typed, as the procedures of the same name take it. @throws CannotRun in one line */
export function parsed<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new CannotRun(`${typedAs(issue?.path ?? [])}: ${issue?.message}`)
}

/** As whoever gives the command knows it, where that is not the field's own name. */
const TYPED_AS: Readonly<Record<string, string>> = {
  fullName: '--name',
  roles: '--role',
  states: '--state',
  allowedAddresses: '--from',
  lifetimeDays: '--days',
  overlapHours: '--overlap',
  actions: '--action',
  targetId: 'the id of --about',
  sessionId: 'ID',
  keyId: 'ID',
  issuer: 'ISSUER',
  sessionIdleMinutes: '--idle',
  sessionLifetimeMinutes: '--lifetime',
  passwordMinLength: '--length',
  secondFactorRoles: '--second-factor',
  clientId: '--client-id',
  clientSecret: 'the first line of --client-secret-file',
  groupsClaim: '--groups-claim',
  defaultRole: '--default-role',
}

/** The innermost field that has a name: what is around it nobody typed. */
function typedAs(path: readonly PropertyKey[]): string {
  const field = path.findLast((step) => typeof step === 'string') ?? ''
  return TYPED_AS[field] ?? (field in OPTIONS ? `--${field}` : field)
}

/** @throws CannotRun */
export async function personId(db: Queryable, email: string): Promise<string> {
  const person = await db.maybe<{ id: string }>(sql`
    SELECT id FROM users WHERE LOWER(email) = LOWER(${email})`)
  if (person === null) throw new CannotRun(`There is no account for ${email}`)
  return person.id
}

/** @throws CannotRun */
export async function teamId(db: Queryable, slug: string): Promise<string> {
  const team = await db.maybe<{ id: string }>(sql`SELECT id FROM teams WHERE slug = ${slug}`)
  if (team === null) throw new CannotRun(`There is no team ${slug} (npm run admin -- teams list)`)
  return team.id
}

/** Every team's, by its id. */
export async function teamSlugs(db: Queryable): Promise<Map<string, string>> {
  const teams = await db.many<{ id: string; slug: string }>(sql`SELECT id, slug FROM teams`)
  return new Map(teams.map(({ id, slug }) => [id, slug]))
}

/** @param slugs separated by commas; empty: none */
export function teamIds(db: Queryable, slugs: string): Promise<string[]> {
  const names = slugs.split(',').map((slug) => slug.trim())
  return Promise.all(names.filter(Boolean).map((slug) => teamId(db, slug)))
}
