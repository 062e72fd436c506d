import {
  beginSecondFactorInput,
  changePasswordInput,
  confirmSecondFactorInput,
  lookAtLinkInput,
  presenceInput,
  refreshInput,
  provedInput,
  revokeSessionInput,
  sessionSummary,
  signInInput,
  useLinkInput,
  type PersonRow,
  type PresenceRow,
} from '@parley/contracts'

import { done, procedure, publicProcedure } from '../../platform/procedure.ts'
import { recordAs } from '../../platform/record-as.ts'
import { findLink } from './account-links.ts'
import { findPerson } from './accounts.queries.ts'
import { requireNoSignOn } from './forced-sign-on.ts'
import { readPresence } from './accounts.rows.ts'
import { readPolicy } from './security-policy.ts'
import { sessionsOf } from './sessions.queries.ts'

const toSummary = recordAs(sessionSummary.omit({ current: true }))

export const sessionProcedures = {
  signIn: publicProcedure
    .input(signInInput)
    .mutation(({ ctx, input }) => ctx.features.accounts.signIn(input, ctx.by)),

  lookAtLink: publicProcedure.input(lookAtLinkInput).query(async ({ ctx, input }) => {
    const { db } = ctx.services
    const link = await findLink(db, input.token)
    await requireNoSignOn(db, link)
    const { policy } = await readPolicy(db)
    return {
      purpose: link.purpose,
      email: link.email,
      fullName: link.full_name,
      passwordMinLength: policy.passwordMinLength,
    }
  }),

  useLink: publicProcedure
    .input(useLinkInput)
    .mutation(({ ctx, input }) => ctx.features.accounts.useLink(input, ctx.by)),

  refresh: publicProcedure
    .input(refreshInput)
    .mutation(({ ctx, input }) =>
      ctx.features.accounts.sessions.refresh(input.refreshToken, ctx.by),
    ),

  signOut: procedure('session.manage_own').mutation(async ({ ctx }) => {
    await ctx.features.accounts.sessions.signOut(ctx.actor.sessionId, ctx.by)
    await ctx.features.presence.left(ctx.actor)
    return null
  }),

  me: procedure('session.manage_own').query(({ ctx }): Promise<PersonRow> =>
    findPerson(ctx.services.db, ctx.actor.userId),
  ),

  list: procedure('session.manage_own').query(async ({ ctx }) => {
    const sessions = await sessionsOf(ctx.services.db, ctx.actor.userId)
    return sessions.map((session) => ({
      ...toSummary(session),
      current: session.id === ctx.actor.sessionId,
    }))
  }),

  revoke: procedure('session.manage_own')
    .input(revokeSessionInput)
    .mutation(({ ctx, input }) =>
      done(ctx.features.accounts.sessions.revoke(input.sessionId, ctx.actor.userId, ctx.by)),
    ),
}

export const accountProcedures = {
  /** Of anybody: whom one may hand a conversation over to may be of any team. */
  presence: procedure('directory.see')
    .input(presenceInput)
    .query(({ ctx, input }): Promise<PresenceRow[]> =>
      readPresence(ctx.services.db, input.userIds),
    ),

  own: procedure('session.manage_own').query(({ ctx }) =>
    ctx.features.accounts.own.read(ctx.actor),
  ),

  changePassword: procedure('session.manage_own')
    .input(changePasswordInput)
    .mutation(({ ctx, input }) =>
      done(ctx.features.accounts.own.changePassword(ctx.actor, input, ctx.by)),
    ),

  beginSecondFactor: procedure('session.manage_own')
    .input(beginSecondFactorInput)
    .mutation(({ ctx, input }) =>
      ctx.features.accounts.own.beginSecondFactor(ctx.actor, input.password, ctx.by),
    ),

  confirmSecondFactor: procedure('session.manage_own')
    .input(confirmSecondFactorInput)
    .mutation(async ({ ctx, input }) => ({
      recoveryCodes: await ctx.features.accounts.own.confirmSecondFactor(
        ctx.actor,
        input.code,
        ctx.by,
      ),
    })),

  removeSecondFactor: procedure('session.manage_own')
    .input(provedInput)
    .mutation(({ ctx, input }) =>
      done(ctx.features.accounts.own.removeSecondFactor(ctx.actor, input, ctx.by)),
    ),

  renewRecoveryCodes: procedure('session.manage_own')
    .input(provedInput)
    .mutation(async ({ ctx, input }) => ({
      recoveryCodes: await ctx.features.accounts.own.renewRecoveryCodes(ctx.actor, input, ctx.by),
    })),
}
