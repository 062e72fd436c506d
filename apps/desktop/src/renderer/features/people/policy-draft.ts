import type { SecurityPolicy } from '@parley/contracts'
import { POLICY_BOUNDS, type Role } from '@parley/domain'

const MINUTES_IN_AN_HOUR = 60
const MINUTES_IN_A_DAY = 24 * 60

/** The policy as people read and type it. */
export interface PolicyDraft {
  passwordMinLength: string
  idleHours: string
  lifetimeDays: string
  secondFactorRoles: readonly Role[]
}

export function draftOf(policy: SecurityPolicy): PolicyDraft {
  return {
    passwordMinLength: String(policy.passwordMinLength),
    idleHours: written(policy.sessionIdleMinutes / MINUTES_IN_AN_HOUR),
    lifetimeDays: written(policy.sessionLifetimeMinutes / MINUTES_IN_A_DAY),
    secondFactorRoles: policy.secondFactorRoles,
  }
}

export type BoundedField = keyof typeof POLICY_BOUNDS
const FIELDS = Object.keys(POLICY_BOUNDS) as BoundedField[]

/** Which of it cannot be saved. */
export function problemsOf(policy: SecurityPolicy): ReadonlySet<BoundedField> {
  return new Set(
    FIELDS.filter((field) => {
      const [least, most] = POLICY_BOUNDS[field]
      const value = policy[field]
      return !Number.isInteger(value) || value < least || value > most
    }),
  )
}

/** As it is stored; what was typed and is no number is NaN, which is a problem. */
export function policyOf(draft: PolicyDraft): SecurityPolicy {
  return {
    sessionIdleMinutes: Math.round(read(draft.idleHours) * MINUTES_IN_AN_HOUR),
    sessionLifetimeMinutes: Math.round(read(draft.lifetimeDays) * MINUTES_IN_A_DAY),
    passwordMinLength: read(draft.passwordMinLength),
    secondFactorRoles: [...draft.secondFactorRoles],
  }
}

function written(number: number): string {
  return String(Number(number.toFixed(4)))
}

function read(typed: string): number {
  const text = typed.trim().replace(',', '.')
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
}
