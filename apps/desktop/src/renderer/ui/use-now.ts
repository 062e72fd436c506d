import { useSyncExternalStore } from 'react'

import { useConnection } from '../bridge/views.ts'
import { lookAtTimeZone } from '../i18n/time-zone.ts'

type Pace = 'second' | 'minute'
const LENGTH: Record<Pace, number> = { second: 1000, minute: 60_000 }

/** One timer for each pace, on the beat, however many clocks are on the screen. */
function createBeat(pace: Pace) {
  const listeners = new Set<() => void>()
  let timer: ReturnType<typeof setTimeout> | null = null
  let beat = Math.floor(Date.now() / LENGTH[pace])
  const tick = () => {
    beat = Math.floor(Date.now() / LENGTH[pace])
    if (pace === 'minute') lookAtTimeZone()
    for (const listener of listeners) listener()
    schedule()
  }
  const schedule = () => {
    timer = setTimeout(tick, LENGTH[pace] - (Date.now() % LENGTH[pace]) + 5)
  }
  // Timers stand still while the computer sleeps; the first look after waking is right at once.
  const wake = () => {
    if (document.visibilityState !== 'visible' || timer === null) return
    clearTimeout(timer)
    tick()
  }
  return {
    subscribe(listener: () => void) {
      if (listeners.size === 0) {
        beat = Math.floor(Date.now() / LENGTH[pace])
        schedule()
        document.addEventListener('visibilitychange', wake)
      }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        if (timer !== null) clearTimeout(timer)
        timer = null
        document.removeEventListener('visibilitychange', wake)
      }
    },
    get: () => beat,
  }
}

const beats: Record<Pace, ReturnType<typeof createBeat>> = {
  second: createBeat('second'),
  minute: createBeat('minute'),
}

/** The server's present time, as this device estimates it; draws again at the given pace. */
export function useNow(pace: Pace): number {
  const offset = useConnection()?.clockOffsetMs ?? 0
  useSyncExternalStore(beats[pace].subscribe, beats[pace].get)
  // oxlint-disable-next-line react/purity -- a clock is the one thing that is read anew at every drawing
  return Date.now() + offset
}
