import { type AwayReason, type PresenceStatus, type Role } from '@parley/domain'
import { z } from 'zod'

import { engineMethods, nothing, takes, takesNothing } from '../method.ts'

export type SessionView =
  | { state: 'starting' }
  | {
      state: 'signed_out'
      serverUrl: string
      /** Whether IT has fixed the server's address. */
      serverLocked: boolean
      /** The person whose cache is on this device, if any: they can open it with no network. */
      lastPerson: { email: string; fullName: string } | null
      /** Why the person finds themselves here. */
      because: 'never_signed_in' | 'signed_out' | 'session_ended' | 'device_revoked'
    }
  | {
      state: 'signed_in'
      serverUrl: string
      email: string
      me: PersonView
      /** The session ended on the server; the cache is readable, nothing can be sent until sign-in. */
      expired: boolean
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

export const accountMethods = engineMethods({
  'session.get': takesNothing.gives<SessionView>(),
  'session.signIn': takes(
    z.object({
      serverUrl: z.url({ protocol: /^https?$/ }).max(2048),
      email: z.string().trim().min(1).max(255),
      password: z.string().min(1).max(1024),
    }),
  ).gives<SessionView>(),
  /** Opens the last person's cache with no network. */
  'session.openOffline': takesNothing.gives<SessionView>(),
  /** Wipes the cache. Refused with `conflict` while unsent work exists, unless `discardUnsent`. */
  'session.signOut': takes(z.object({ discardUnsent: z.boolean() })).gives<SessionView>(),
  'directory.get': takes(nothing).gives<DirectoryView>(),
})
