import { useEffect } from 'react'

import { type ServerRead, useServerRead } from '../../bridge/use-server-read.ts'
import { type BridgeOutputs } from '@parley/contracts'

const EVERY_MS = 60_000

/** The server's figures of the last hour, once a minute while they are shown. */
export function useHourFigures(): ServerRead<BridgeOutputs['sla.hourFigures']> {
  const read = useServerRead('sla.hourFigures', undefined)
  const { readAgain } = read
  useEffect(() => {
    const timer = setInterval(readAgain, EVERY_MS)
    return () => clearInterval(timer)
  }, [readAgain])
  return read
}
