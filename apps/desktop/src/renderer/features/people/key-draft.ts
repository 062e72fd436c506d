import type { CreateApiKeyInput } from '@parley/contracts'
import { API_KEY_BOUNDS, type ApiScope } from '@parley/domain'

/** A key as it is typed. */
export interface KeyDraft {
  name: string
  ownerId: string
  scopes: readonly ApiScope[]
  days: string
  addresses: string
}

/** Null while something of it is missing or wrong. */
export function keyOf({
  name,
  ownerId,
  scopes,
  days,
  addresses,
}: KeyDraft): CreateApiKeyInput | null {
  const lifetimeDays = daysIn(days)
  const allowedAddresses = addresses.split(/[\s,;]+/).filter(Boolean)
  const [, most] = API_KEY_BOUNDS.allowedAddresses
  const isWhole = name.trim() !== '' && ownerId !== '' && scopes.length > 0
  if (!isWhole || lifetimeDays === null || allowedAddresses.length > most) return null
  return { name: name.trim(), ownerId, scopes: [...scopes], lifetimeDays, allowedAddresses }
}

export function daysIn(typed: string): number | null {
  const [least, most] = API_KEY_BOUNDS.lifetimeDays
  const days = /^\d{1,4}$/.test(typed.trim()) ? Number(typed) : Number.NaN
  return days >= least && days <= most ? days : null
}

const DAY_MS = 24 * 60 * 60 * 1000

/** For how long the next one is made: as long as this one was. */
export function lifetimeOf({
  createdAt,
  expiresAt,
}: {
  createdAt: string
  expiresAt: string
}): number {
  const [least, most] = API_KEY_BOUNDS.lifetimeDays
  const days = Math.round((Date.parse(expiresAt) - Date.parse(createdAt)) / DAY_MS)
  return Math.min(most, Math.max(least, days))
}
