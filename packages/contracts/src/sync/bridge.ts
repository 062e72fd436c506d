import { type CacheTroubleReason } from '../accounts/bridge.ts'
import { engineMethods, takesNothing, whileLocked } from '../method.ts'

export interface ConnectionView {
  state: 'online' | 'connecting' | 'offline'
  /** Since when this state lasts. */
  since: string
  /** When the cache last agreed with the server. */
  syncedAt: string | null
  /** Intents that wait to be sent. */
  waiting: number
  /** Intents the server refused and a person must decide about. */
  refused: number
  /** The first load of the cache is still running: rows loaded so far. */
  bootstrapping: { loaded: number } | null
  /** Add to this device's clock to get the server's, in milliseconds. */
  clockOffsetMs: number
  /** The server answers something that this build does not understand; it is asked again. */
  isNotUnderstood: boolean
  /** What is done now cannot be saved on this device; it is tried again. */
  trouble: CacheTroubleReason | null
  /** Without a contact until then, what is saved here is deleted; null while that is far away. */
  leaseEndsAt: string | null
}

export const connectionMethods = engineMethods({
  'connection.get': whileLocked(takesNothing.gives<ConnectionView>()),
  'connection.retryNow': takesNothing.gives<ConnectionView>(),
})
