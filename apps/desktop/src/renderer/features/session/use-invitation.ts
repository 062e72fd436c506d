import { useEffect, useEffectEvent } from 'react'

import { useConnected } from '../../bridge/bridge-context.tsx'

/** Hears of an invitation that a link brings, now or before anybody listened. It is taken once. */
export function useInvitation(taken: (address: string) => void): void {
  const { client } = useConnected()
  const heard = useEffectEvent(taken)
  useEffect(() => {
    const take = async () => {
      const result = await client.ask('invitation.take', undefined)
      if (result.ok && result.value !== null) heard(result.value)
    }
    void take()
    return client.on('invitation', () => void take())
  }, [client])
}
