import { type Listener } from '../feature.ts'
import { type Outbox } from '../outbox/outbox.ts'
import { type Cache } from '../store/cache.ts'
import { type Synchroniser } from '../sync/synchroniser.ts'
import { type PersonalCache } from './account.ts'
import { type ServerClient } from './server-client.ts'

/** Everything that exists while somebody is signed in. */
export interface OpenSession {
  personId: string
  email: string
  serverUrl: string
  personal: PersonalCache
  cache: Cache
  outbox: Outbox
  listeners: readonly Listener[]
  client: ServerClient | null
  synchroniser: Synchroniser | null
  expired: boolean
}
