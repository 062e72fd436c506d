import { type PersonView, type SessionView } from '@parley/contracts'
import { callPerson } from '@parley/domain'

import { type EngineHost, type StoredAccount } from '../host.ts'
import { type OpenSession } from './open-session.ts'
import { readCarriedOver } from './personal-cache.ts'

type SignedOut = Extract<SessionView, { state: 'signed_out' }>

export function signedOutView(
  { fixedServerUrl, defaultServerUrl }: EngineHost,
  account: StoredAccount | null,
  because: SignedOut['because'],
): SignedOut {
  const person = account?.person
  return {
    state: 'signed_out',
    serverUrl: fixedServerUrl ?? account?.serverUrl ?? defaultServerUrl,
    serverLocked: fixedServerUrl !== null,
    lastPerson: person ? { email: person.email, fullName: callPerson(person) } : null,
    because,
  }
}

/** @param me as the cache has them; null: one that was made anew does not know them yet */
export function signedInView(
  open: OpenSession,
  account: StoredAccount | null,
  me: PersonView | null,
): SessionView {
  return {
    state: 'signed_in',
    serverUrl: open.serverUrl,
    email: open.email,
    me: me ?? meUntilLoaded(open, account),
    expired: open.expired,
    carriedOver: readCarriedOver(open.personal.store),
  }
}

function meUntilLoaded(
  { personId, email, cache }: OpenSession,
  account: StoredAccount | null,
): PersonView {
  return {
    id: personId,
    fullName: account?.person ? callPerson(account.person) : email,
    role: cache.actor.role,
    teamIds: [...cache.actor.teamIds],
    isActive: true,
    presence: {
      status: 'offline',
      reason: null,
      since: new Date().toISOString(),
      capacity: 0,
      isFinishing: false,
      wrapUpUntil: null,
    },
    load: 0,
  }
}
