import type { AppError, QueueOutput } from '@parley/contracts'
import { useCallback, useEffect, useRef, useState } from 'react'

import { useConnected } from '../../bridge/bridge-context.tsx'
import { type StaleWhen, isStale } from '../../bridge/changes.ts'
import { Paced } from '../../bridge/paced.ts'
import { useConnection } from '../../bridge/views.ts'

const STALE_WHEN: StaleWhen = { conversations: 'any', topics: ['person', 'team'] }
const AT_LEAST_MS = 1000
/** Waits, wrap-ups and relaxations go on while nothing is told of: so often it is read anyway. */
const ANYWAY_MS = 20_000

export interface LiveQueue {
  value: QueueOutput | undefined
  /** When it was read, by this device's clock. */
  readAt: number | null
  error: AppError | null
  readAgain: () => void
}

/** A team's queue from the server, read again when anything changed. What was read stays when the line is gone. */
export function useQueue(teamId: string): LiveQueue {
  const { client } = useConnected()
  const isOnline = useConnection()?.state === 'online'
  const [state, setState] = useState<Omit<LiveQueue, 'readAgain'> & { teamId: string }>({
    teamId,
    value: undefined,
    readAt: null,
    error: null,
  })
  const paced = useRef<Paced | null>(null)
  useEffect(() => {
    const reading = new Paced(async () => {
      const result = await client.ask('routing.queue', { teamId })
      if (paced.current !== reading) return
      setState((before) =>
        result.ok
          ? { teamId, value: result.value, readAt: Date.now(), error: null }
          : {
              ...(before.teamId === teamId ? before : { teamId, value: undefined, readAt: null }),
              error: result.error,
            },
      )
    }, AT_LEAST_MS)
    paced.current = reading
    reading.ask()
    const anyway = setInterval(() => reading.ask(), ANYWAY_MS)
    const stopListening = client.on('changed', (changed) => {
      if (isStale(STALE_WHEN, changed)) reading.ask()
    })
    return () => {
      paced.current = null
      reading.stop()
      clearInterval(anyway)
      stopListening()
    }
  }, [client, teamId])
  useEffect(() => {
    if (isOnline) paced.current?.ask()
  }, [isOnline])
  const readAgain = useCallback(() => paced.current?.ask(), [])
  const isOther = state.teamId !== teamId
  return {
    value: isOther ? undefined : state.value,
    readAt: isOther ? null : state.readAt,
    error: isOther ? null : state.error,
    readAgain,
  }
}
