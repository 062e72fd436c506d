import {
  type CarriedOver,
  type PersonView,
  type SessionView,
  type UnsentWords,
} from '@parley/contracts'
import { callPerson } from '@parley/domain'

import { type EngineHost, type StoredAccount } from '../host.ts'
import { readTokens, type LockReason, type OpenSession } from './open-session.ts'
import { namedAsBefore, readCarriedOver, readWordsOnly } from './personal-cache.ts'

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
    carriedOver: readCarriedOver(open.personal.store),
    recoveryCodes: open.recoveryCodes,
    endsAt: readTokens(open)?.sessionEndsAt ?? null,
  }
}

/** Nothing of what is saved but how much waits; the person's own words where nothing else is left. */
export function lockedView(
  { serverUrl, email, personal: { store } }: OpenSession,
  because: LockReason,
  account: StoredAccount | null,
  unsent: readonly UnsentWords[],
): SessionView {
  return {
    state: 'locked',
    because,
    serverUrl,
    email,
    fullName: account?.person ? callPerson(account.person) : email,
    unsentCount: unsent.length,
    words: readWordsOnly(store) === null ? null : wordsOf(unsent, readCarriedOver(store)),
  }
}

/** Those of a cache that could not be opened are there as what was shown of them alone. */
function wordsOf(
  unsent: readonly UnsentWords[],
  carriedOver: CarriedOver | null,
): { unsent: UnsentWords[]; lost: number | null } {
  const named = namedAsBefore(unsent, carriedOver)
  const nameOf = ({ kind, conversationId, text }: UnsentWords): string =>
    JSON.stringify([kind, conversationId, text])
  const known = new Set(named.map(nameOf))
  const shownOnly = carriedOver?.unsent.filter((words) => !known.has(nameOf(words))) ?? []
  return { unsent: [...named, ...shownOnly], lost: carriedOver?.lost ?? 0 }
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
