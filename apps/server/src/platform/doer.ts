import { type ActorKind } from '@parley/domain'

/** On whose behalf something is done, for the audit log; permissions were asked before. */
export interface Doer {
  kind: ActorKind
  /** The user's, or the key's. */
  id: string | null
  sessionId: string | null
  /** Where the request came from, as `ClientAddress` says it. */
  address: string | null
  requestId: string | null
}

/** Nobody knows yet who it is. */
export function strangerAt(address: string, requestId: string): Doer {
  return { kind: 'anonymous', id: null, sessionId: null, address, requestId }
}

/** What the server does by itself. */
export const SYSTEM: Doer = {
  kind: 'system',
  id: null,
  sessionId: null,
  address: null,
  requestId: null,
}
