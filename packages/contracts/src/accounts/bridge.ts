import { type AwayReason, type PresenceStatus, type Role } from '@parley/domain'
import { z } from 'zod'

import { engineMethods, nothing, takes, takesNothing, whileLocked } from '../method.ts'
import { type IntentKind } from '../outbox/intents.ts'
import { id } from '../primitives.ts'
import { type SignOnOptions } from '../sign-on/api.ts'
import {
  beginSecondFactorInput,
  changePasswordInput,
  confirmSecondFactorInput,
  provedInput,
  type AccountOutput,
  type LookAtLinkOutput,
  type RecoveryCodes,
  type SecondFactorSetup,
} from './api.ts'

/** Why what is saved on this device cannot be opened or written now. None of these is damage: nothing is touched. */
export type CacheTroubleReason =
  | 'disk_full'
  | 'busy'
  | 'io'
  | 'cannot_open'
  /** The operating system's key store does not give the key now. */
  | 'key_store'
  /** The key is not the one that it was written with. */
  | 'other_key'
  /** A step of this build's failed on it. */
  | 'update_failed'
  /** Written by a newer build. */
  | 'newer'
  /** The server has not been reached for so long that it is not shown until it is. */
  | 'lease'
  /** The engine itself fails again and again. */
  | 'engine'

/** What a person wrote or did and the server does not have. */
export interface UnsentWords {
  /** Null for a draft. */
  kind: IntentKind | null
  conversationId: string
  customerName: string | null
  text: string | null
  at: string
}

/** Why nothing but a person's own words was left on this device. */
export type WordsOnlyReason =
  /** The device's access was withdrawn, or somebody else had its token. */
  | 'withdrawn'
  /** The server was not reached for too long. */
  | 'lease'
  /** The policy of this machine allows another server only, or no unencrypted one. */
  | 'server_not_allowed'
  /** Somebody else signed in while it was locked. */
  | 'others'

/** What a cache that could not be used any more left behind. */
export interface CarriedOver {
  because: 'damaged' | 'key_lost' | 'beside' | WordsOnlyReason
  at: string
  unsent: UnsentWords[]
  /** How many could not be read; null where nobody can tell. */
  lost: number | null
}

export type SessionView =
  | { state: 'starting' }
  | {
      state: 'not_opened'
      reason: CacheTroubleReason
      /** When it is tried again by itself. */
      retryAt: string | null
      /** A cache of its own can be begun beside it, which is kept. */
      canStartFresh: boolean
      /** What can be read of it. */
      unsent: UnsentWords[]
    }
  | {
      state: 'signed_out'
      serverUrl: string
      /** Whether IT has fixed the server's address. */
      serverLocked: boolean
      /** The person whose cache is on this device, if any: they can open it with no network. */
      lastPerson: { email: string; fullName: string } | null
      /** Why the person finds themselves here. */
      because:
        | 'never_signed_in'
        | 'signed_out'
        | 'session_ended'
        | 'device_revoked'
        | 'server_not_allowed'
    }
  | {
      /** The session is over: nothing that is saved here can be read until the same person has signed in again. */
      state: 'locked'
      because: 'expired' | WordsOnlyReason
      /** Where they sign in again. */
      serverUrl: string
      email: string
      fullName: string
      /** Drafts and what waits to be sent. */
      unsentCount: number
      /** Where nothing else is left here: to be read, taken elsewhere, and discarded. Null: all is here, and unread. */
      words: { unsent: UnsentWords[]; lost: number | null } | null
    }
  | {
      state: 'signed_in'
      serverUrl: string
      email: string
      me: PersonView
      /** Until the person has seen it. */
      carriedOver: CarriedOver | null
      /** Of a second factor that was just set up, until the person has seen them. */
      recoveryCodes: readonly string[] | null
      /** However much it is used, the session ends then, by the server's clock; null: not known before it is asked. */
      endsAt: string | null
    }

export interface PersonView {
  id: string
  fullName: string
  role: Role
  isActive: boolean
  teamIds: string[]
  presence: {
    status: PresenceStatus
    reason: AwayReason | string | null
    since: string
    capacity: number
    isFinishing: boolean
    wrapUpUntil: string | null
  }
  /** Open conversations that count, as far as this cache can see them. */
  load: number
}

export interface TeamView {
  id: string
  name: string
  slug: string
  isMine: boolean
}

export interface DirectoryView {
  teams: TeamView[]
  people: PersonView[]
}

const serverAddress = z.url({ protocol: /^https?$/ }).max(2048)
const linkToken = z.string().min(1).max(128)

export const accountMethods = engineMethods({
  'session.get': whileLocked(takesNothing.gives<SessionView>()),
  /**
   * Only while nobody is signed in: of who is locked out, at their own server. @throws `conflict`, `insecure_server`
   */
  'session.signIn': whileLocked(
    takes(
      z.object({
        serverUrl: serverAddress,
        email: z.string().trim().min(1).max(255),
        password: z.string().min(1).max(256),
        /** Of the second factor, where `second_factor_required` asked for it. */
        code: z.string().max(40).nullable().default(null),
      }),
    ).gives<SessionView>(),
  ),
  /** Whose link this is. @throws `link_over`, and those of signing in */
  'session.lookAtLink': takes(
    z.object({ serverUrl: serverAddress, token: linkToken }),
  ).gives<LookAtLinkOutput>(),
  /** Chooses the password that a link is for, and signs in. @throws `link_over`, `weak_password`, and those of signing in */
  'session.useLink': takes(
    z.object({
      serverUrl: serverAddress,
      token: linkToken,
      password: z.string().min(1).max(256),
      code: z.string().max(40).nullable().default(null),
    }),
  ).gives<SessionView>(),
  /**
   * Locks what is saved here, all of it, until its person has signed in again: before the session ends by itself.
   * @throws `server_unreachable`, where that could not be done now
   */
  'session.lock': whileLocked(takesNothing.gives<SessionView>()),
  /** What a server offers besides a password. */
  'session.signOnOptions': whileLocked(
    takes(z.object({ serverUrl: serverAddress })).gives<SignOnOptions>(),
  ),
  /**
   * By the system's browser; answered when it has come back, ten minutes later at the latest.
   * @throws `sign_on_failed`, and those of signing in
   */
  'session.signOn': whileLocked(
    takes(z.object({ serverUrl: serverAddress, providerId: id })).gives<SessionView>(),
  ),
  /** Whoever waits for the browser does not any more. */
  'session.cancelSignOn': whileLocked(takesNothing.gives<null>()),
  'session.recoveryCodesSeen': takesNothing.gives<SessionView>(),
  /** Opens the last person's cache with no network. */
  'session.openOffline': whileLocked(takesNothing.gives<SessionView>()),
  /** What could not be opened is tried again now. */
  'session.openAgain': whileLocked(takesNothing.gives<SessionView>()),
  /** Begins anew beside what cannot be opened, and keeps that. */
  'session.startFresh': whileLocked(takesNothing.gives<SessionView>()),
  'session.carriedOverSeen': takesNothing.gives<SessionView>(),
  /** Drafts and intents: what would be lost with this cache. */
  'session.unsent': takesNothing.shows<UnsentWords[]>(),
  /**
   * Wipes the cache. Refused with `conflict` while unsent work exists, unless `discardUnsent`. Of who is locked out, their
   * unsent words stay for them alone, unless `discardUnsent`.
   */
  'session.signOut': whileLocked(
    takes(z.object({ discardUnsent: z.boolean() })).gives<SessionView>(),
  ),
  /** Of one's own account. These ask the server and fail with `server_unreachable` without it. */
  'account.own': takesNothing.gives<AccountOutput>(),
  'account.changePassword': takes(changePasswordInput).gives<null>(),
  'account.beginSecondFactor': takes(beginSecondFactorInput).gives<SecondFactorSetup>(),
  'account.confirmSecondFactor': takes(confirmSecondFactorInput).gives<RecoveryCodes>(),
  'account.removeSecondFactor': takes(provedInput).gives<null>(),
  'account.renewRecoveryCodes': takes(provedInput).gives<RecoveryCodes>(),
  'directory.get': takes(nothing).shows<DirectoryView>(),
  /**
   * These are on the screen: whether those of other teams are there comes from nobody by itself, and is asked of the
   * server. The directory says it for a minute.
   */
  'directory.lookAt': takes(z.object({ userIds: z.array(id).max(200) })).gives<null>(),
})
