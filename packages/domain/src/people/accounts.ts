/** `invited`: has no way in but the link. */
export const PERSON_STATES = ['active', 'invited', 'inactive'] as const
export type PersonState = (typeof PERSON_STATES)[number]

/** The least and the most that the policy of all accounts may say. */
export const POLICY_BOUNDS = {
  sessionIdleMinutes: [30, 525_600],
  sessionLifetimeMinutes: [60, 525_600],
  passwordMinLength: [8, 64],
} as const satisfies Record<string, readonly [number, number]>
