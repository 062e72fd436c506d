import { useMemo, useSyncExternalStore } from 'react'

import { pendingReach } from '../../app/view-state.ts'
import { useConnected } from '../../bridge/bridge-context.tsx'
import { ThreadReader, type ThreadState } from './thread-reader.ts'

export type OpenThread = ThreadState & Pick<ThreadReader, 'readOlder' | 'readAgain' | 'readAsFarAs'>

export function useThread(conversationId: string): OpenThread {
  const { client } = useConnected()
  const reader = useMemo(
    () => new ThreadReader(client, conversationId, pendingReach(conversationId)?.messageId),
    [client, conversationId],
  )
  const state = useSyncExternalStore(reader.subscribe, reader.get)
  const { readOlder, readAgain, readAsFarAs } = reader
  return { ...state, readOlder, readAgain, readAsFarAs }
}
