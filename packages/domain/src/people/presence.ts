export const PRESENCE_STATUSES = ['online', 'busy', 'away', 'offline'] as const
export type PresenceStatus = (typeof PRESENCE_STATUSES)[number]

/** What a person can choose; `offline` is chosen by signing out or by the connection's loss. */
export const CHOOSABLE_PRESENCE = ['online', 'busy', 'away'] as const

export const AWAY_REASONS = ['break', 'lunch', 'meeting', 'training', 'idle'] as const
export type AwayReason = (typeof AWAY_REASONS)[number]

/** A lost connection counts as offline after this long, in milliseconds. */
export const DISCONNECT_GRACE_MS = 45_000
