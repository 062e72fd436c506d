import { useMemo, useSyncExternalStore } from 'react'

import { useConnected } from '../../bridge/bridge-context.tsx'
import { ThreadReader, type ThreadState } from './thread-reader.ts'

export function useThread(
  conversationId: string,
): ThreadState & Pick<ThreadReader, 'readOlder' | 'readAgain'> {
  const { client } = useConnected()
  const reader = useMemo(() => new ThreadReader(client, conversationId), [client, conversationId])
  const state = useSyncExternalStore(reader.subscribe, reader.get)
  return { ...state, readOlder: reader.readOlder, readAgain: reader.readAgain }
}
