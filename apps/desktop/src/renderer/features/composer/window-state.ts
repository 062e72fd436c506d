import type { Channel } from '@parley/domain'

import { hoursAndMinutes } from '../../i18n/moments.ts'

const WARNS_UNDER_MS = 2 * 60 * 60_000
const WHOLE_MS = 24 * 60 * 60_000

/** The 24 hours in which a business may write freely, as they stand. */
export type WindowState =
  | { state: 'unlimited' }
  /** The customer has not written yet, so nothing runs. */
  | { state: 'none' }
  | { state: 'open' | 'closing'; left: string; fractionLeft: number; endsAt: number }
  | { state: 'closed'; endedAt: number }

export function windowState(
  channel: Channel,
  windowEndsAt: string | null,
  now: number,
): WindowState {
  if (windowEndsAt === null)
    return channel === 'whatsapp' ? { state: 'none' } : { state: 'unlimited' }
  const endsAt = Date.parse(windowEndsAt)
  const left = endsAt - now
  if (left <= 0) return { state: 'closed', endedAt: endsAt }
  return {
    state: left < WARNS_UNDER_MS ? 'closing' : 'open',
    left: hoursAndMinutes(left),
    fractionLeft: Math.min(1, left / WHOLE_MS),
    endsAt,
  }
}
