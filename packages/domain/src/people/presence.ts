export const PRESENCE_STATUSES = ['online', 'busy', 'away', 'offline'] as const
export type PresenceStatus = (typeof PRESENCE_STATUSES)[number]

/** What a person can choose; `offline` is chosen by signing out or by the connection's loss. */
export const CHOOSABLE_PRESENCE = ['online', 'busy', 'away'] as const

/** `idle`, `asleep` and `missed_offers` are found out, the others chosen. */
export const AWAY_REASONS = [
  'break',
  'lunch',
  'meeting',
  'training',
  'idle',
  'asleep',
  'missed_offers',
] as const
export type AwayReason = (typeof AWAY_REASONS)[number]

/** A lost connection counts as offline after this long, in milliseconds. */
export const DISCONNECT_GRACE_MS = 45_000

/** What a workstation says of the person before it. */
export const DEVICE_STATES = ['active', 'idle', 'asleep'] as const
export type DeviceState = (typeof DEVICE_STATES)[number]

/** No key and no pointer for this long is idle, in seconds, by the operating system's count. */
export const IDLE_AFTER_SECONDS = 300

/** As many offers let pass one after the other, and the person is away: nobody is there to accept. */
export const MISSED_OFFERS_LIMIT = 3

/**
 * What a person counts as: what they chose, unless no device is connected, or every connected one says that
 * nobody is before it. The most present device counts.
 */
export function presenceOf(
  chosen: { status: 'online' | 'busy' | 'away'; reason: string | null },
  devices: readonly DeviceState[],
): { status: PresenceStatus; reason: string | null } {
  if (devices.length === 0) return { status: 'offline', reason: null }
  if (chosen.status === 'away' || devices.includes('active')) return chosen
  return { status: 'away', reason: devices.includes('idle') ? 'idle' : 'asleep' }
}
