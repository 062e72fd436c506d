import {
  presenceInput,
  refreshInput,
  revokeSessionInput,
  revokeSessionsInput,
  sessionSummary,
  setActiveInput,
  setRoleInput,
  setTeamsInput,
  signInInput,
  type PersonRow,
  type PresenceRow,
} from '@parley/contracts'
import { done, procedure, publicProcedure } from '../../platform/procedure.ts'
import { recordAs } from '../../platform/record-as.ts'
import { findPerson, sessionsOf } from './accounts.queries.ts'
import { readPresence } from './accounts.rows.ts'

const toSummary = recordAs(sessionSummary)

export const sessionProcedures = {
  signIn: publicProcedure
    .input(signInInput)
    .mutation(({ ctx, input }) => ctx.features.accounts.signIn({ ...input, address: ctx.address })),

  refresh: publicProcedure
    .input(refreshInput)
    .mutation(({ ctx, input }) => ctx.features.accounts.refresh(input.refreshToken)),

  signOut: procedure('session.manage_own').mutation(async ({ ctx }) => {
    await ctx.features.accounts.signOut(ctx.actor.sessionId)
    await ctx.features.presence.left(ctx.actor)
    return null
  }),

  me: procedure('session.manage_own').query(({ ctx }): Promise<PersonRow> =>
    findPerson(ctx.services.db, ctx.actor.userId),
  ),

  list: procedure('session.manage_own').query(async ({ ctx }) => {
    const sessions = await sessionsOf(ctx.services.db, ctx.actor.userId)
    return sessions.map((session) =>
      toSummary({ ...session, current: session.id === ctx.actor.sessionId }),
    )
  }),

  revoke: procedure('session.manage_own')
    .input(revokeSessionInput)
    .mutation(({ ctx, input }) =>
      done(ctx.features.accounts.revokeOwnSession(ctx.actor.userId, input.sessionId)),
    ),
}

export const accountProcedures = {
  /** Of anybody: whom one may hand a conversation over to may be of any team. */
  presence: procedure('directory.see')
    .input(presenceInput)
    .query(({ ctx, input }): Promise<PresenceRow[]> =>
      readPresence(ctx.services.db, input.userIds),
    ),
}

/** People as an administrator manages them. */
export const peopleProcedures = {
  revokeSessions: procedure('account.manage')
    .input(revokeSessionsInput)
    .mutation(({ ctx, input }) => done(ctx.features.accounts.revokeSessions(input.userId))),
  setRole: procedure('account.manage')
    .input(setRoleInput)
    .mutation(({ ctx, input }) => done(ctx.features.accounts.setRole(input.userId, input.role))),
  setTeams: procedure('account.manage')
    .input(setTeamsInput)
    .mutation(({ ctx, input }) =>
      done(ctx.features.accounts.setTeams(input.userId, input.teamIds)),
    ),
  setActive: procedure('account.manage')
    .input(setActiveInput)
    .mutation(({ ctx, input }) =>
      done(ctx.features.accounts.setActive(input.userId, input.isActive)),
    ),
}
