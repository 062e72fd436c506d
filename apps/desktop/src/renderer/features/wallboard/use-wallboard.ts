import { useEffect } from 'react'

import { useReadAll } from '../../bridge/use-read.ts'

const EVERY_MS = 10_000

/** Counts by the clocks as they stand: clocks turn without anything having changed, so it is read anew in between. */
export function useWallboard() {
  const read = useReadAll('wallboard.get')
  const { readAgain } = read
  useEffect(() => {
    const timer = setInterval(readAgain, EVERY_MS)
    return () => clearInterval(timer)
  }, [readAgain])
  return read
}
