import { useSyncExternalStore } from 'react'

/**
 * The time zone that the window shows instants in. Chromium changes it in the running page when the system's changes,
 * and tells nobody: it is looked at whenever somebody comes back to the window, and each minute.
 */
const present = () => Intl.DateTimeFormat().resolvedOptions().timeZone

let zone = present()
const listeners = new Set<() => void>()

export function lookAtTimeZone(): void {
  const next = present()
  if (next === zone) return
  zone = next
  for (const listener of listeners) listener()
}

/** @returns what ends it */
export function onTimeZone(listener: () => void): () => void {
  if (listeners.size === 0) {
    window.addEventListener('focus', lookAtTimeZone)
    document.addEventListener('visibilitychange', lookAtTimeZone)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    window.removeEventListener('focus', lookAtTimeZone)
    document.removeEventListener('visibilitychange', lookAtTimeZone)
  }
}

/** For what is computed from it and kept. */
export function useTimeZone(): string {
  return useSyncExternalStore(onTimeZone, () => zone)
}
