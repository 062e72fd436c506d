import { useEffect } from 'react'

import { soundOnce } from './alert-sound.ts'

const EVERY_MS = 8000

/** Sounds at once and every eight seconds for as long as it is wanted. */
export function useAlertSound(isWanted: boolean): void {
  useEffect(() => {
    if (!isWanted) return
    const context = new AudioContext()
    const sound = () => {
      // Where the browser lets nothing sound before the first touch.
      if (context.state === 'suspended') void context.resume()
      soundOnce(context)
    }
    sound()
    const timer = setInterval(sound, EVERY_MS)
    return () => {
      clearInterval(timer)
      void context.close()
    }
  }, [isWanted])
}
