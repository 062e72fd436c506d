import { useCallback, useEffect } from 'react'

import { useConnected } from './bridge-context.tsx'
import { useEvery } from './use-every.ts'

/** Of more people at a time nobody reads whether they are there. */
const MOST = 200
const AGAIN_MS = 30_000

/** These people are on the screen: whether those of other teams are there is asked for, for as long as they are. */
export function useLookingAt(userIds: readonly string[]): void {
  const { client } = useConnected()
  const key = JSON.stringify(userIds.slice(0, MOST).toSorted())
  const look = useCallback(() => {
    const asked = JSON.parse(key) as string[]
    if (asked.length > 0) void client.ask('directory.lookAt', { userIds: asked })
  }, [client, key])
  useEffect(look, [look])
  useEvery(AGAIN_MS, look)
}
