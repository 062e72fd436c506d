import { alertPreferencesKind, type AlertPreferencesRow } from '@parley/contracts'
import { DEFAULT_ALERT_PREFERENCES, type AlertPreferences } from '@parley/domain'

import { type Cache } from '../../store/cache.ts'
import { type KeptKind } from '../../store/kept-kind.ts'

const KEY = 'alertPreferences'

/** How this person wants to be told: one row, or none, for the defaults. */
export const keptAlertPreferences: KeptKind<'alert_preferences'> = {
  kind: alertPreferencesKind.kind,
  put(cache, row, { force, applied }) {
    if (row.id !== cache.myId) return
    const known = preferencesRow(cache)
    if (!force && known !== null && known.version >= row.version) return
    cache.store.setMeta(KEY, JSON.stringify(row))
    applied.topics.add('alert_preferences')
  },
  remove(cache, id, applied) {
    if (preferencesRow(cache)?.id !== id) return
    cache.store.deleteMeta(KEY)
    applied.topics.add('alert_preferences')
  },
}

export function alertPreferencesOf(cache: Cache): AlertPreferences {
  return preferencesRow(cache)?.preferences ?? DEFAULT_ALERT_PREFERENCES
}

function preferencesRow(cache: Cache): AlertPreferencesRow | null {
  const stored = cache.store.getMeta(KEY)
  return stored === null ? null : (JSON.parse(stored) as AlertPreferencesRow)
}
