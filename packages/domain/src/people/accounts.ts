/** `invited`: has no way in but the link. `expected`: the directory has sent them, and they have not come yet. */
export const PERSON_STATES = ['active', 'invited', 'expected', 'inactive'] as const
export type PersonState = (typeof PERSON_STATES)[number]

/** Who says what a person is called and may do: administrators, or the company's directory, by either way. */
export const MANAGERS = ['manual', 'sso', 'scim'] as const
export type Manager = (typeof MANAGERS)[number]

/** What the directory may say of a person, so that nobody else does. */
export const DIRECTORY_PARTS = ['name', 'role', 'teams', 'access'] as const
export type DirectoryPart = (typeof DIRECTORY_PARTS)[number]

/** The least and the most that the policy of all accounts may say. */
export const POLICY_BOUNDS = {
  sessionIdleMinutes: [30, 525_600],
  sessionLifetimeMinutes: [60, 525_600],
  passwordMinLength: [8, 64],
} as const satisfies Record<string, readonly [number, number]>
