import { type SessionView, type Tokens } from '@parley/contracts'

import { type Answers } from '../answers.ts'
import { type Listener } from '../feature.ts'
import { type Outbox } from '../outbox/outbox.ts'
import { CacheTrouble } from '../store/cache-trouble.ts'
import { type Cache } from '../store/cache.ts'
import { type Synchroniser } from '../sync/synchroniser.ts'
import { type Lease } from './lease.ts'
import { type PersonalCache } from './personal-cache.ts'
import { type ServerClient } from './server-client.ts'

export type LockReason = Extract<SessionView, { state: 'locked' }>['because']

/** Everything that exists while somebody is signed in. */
export interface OpenSession {
  personId: string
  email: string
  serverUrl: string
  personal: PersonalCache
  cache: Cache
  outbox: Outbox
  listeners: readonly Listener[]
  /** What the window was shown last. */
  answers: Answers
  client: ServerClient | null
  synchroniser: Synchroniser | null
  /** Why nothing of it is shown; null: it is. */
  lock: LockReason | null
  lease: Lease
  /** Newer than those on the disk, which could not be written: those are worthless. */
  unwrittenTokens: Tokens | null
  /** Of a second factor that was set up with this sign-in, until its person has seen them. Written down nowhere. */
  recoveryCodes: readonly string[] | null
}

export function startListening({ listeners }: OpenSession): void {
  for (const listener of listeners) listener.start?.()
}

export function forgetTokens(open: OpenSession): void {
  open.unwrittenTokens = null
  try {
    open.cache.store.write(() => open.cache.store.deleteMeta('tokens'))
  } catch (error) {
    // The server takes them no more, and says so again after the next start.
    if (!(error instanceof CacheTrouble)) throw error
  }
}

export function readTokens({ cache, unwrittenTokens }: OpenSession): Tokens | null {
  if (unwrittenTokens !== null) return unwrittenTokens
  const stored = cache.store.getMeta('tokens')
  return stored === null ? null : (JSON.parse(stored) as Tokens)
}

/** Where they cannot be written they hold for as long as the workstation runs, and are written later. */
export function writeTokens(open: OpenSession, tokens: Tokens): void {
  open.unwrittenTokens = tokens
  try {
    open.cache.store.write(() => open.cache.store.setMeta('tokens', JSON.stringify(tokens)))
    open.unwrittenTokens = null
  } catch (error) {
    // The store has told whoever listens.
    if (!(error instanceof CacheTrouble)) throw error
  }
}
