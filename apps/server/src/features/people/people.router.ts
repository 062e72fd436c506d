import {
  createTeamInput,
  endSessionInput,
  inviteInput,
  livingSession,
  moveOpenInput,
  peopleInput,
  personInput,
  savePersonInput,
  saveGroupMappingsInput,
  saveSecurityPolicyInput,
  saveTeamInput,
  sessionsInput,
  setActiveInput,
  setRoleInput,
  setTeamActiveInput,
  setTeamsInput,
  type SessionPlace,
} from '@parley/contracts'

import { done, procedure } from '../../platform/procedure.ts'
import { recordAs } from '../../platform/record-as.ts'
import { countLivingSessions, livingSessions, readPolicy, savePolicy } from '../accounts/index.ts'
import { readMappings, saveMappings } from './group-rights.ts'
import { findPeople } from './people.queries.ts'
import { createTeam, listTeams, moveOpen, saveTeam, setTeamActive } from './teams.ts'

const toSession = recordAs(livingSession)

export const peopleProcedures = {
  find: procedure('account.manage')
    .input(peopleInput)
    .query(({ ctx, input }) => findPeople(ctx.services.db, input)),

  invite: procedure('account.manage')
    .input(inviteInput)
    .mutation(({ ctx, input }) => ctx.features.people.invite(input, ctx.by)),

  makeLink: procedure('account.manage')
    .input(personInput)
    .mutation(({ ctx, input }) => ctx.features.people.makeLink(input.userId, ctx.by)),

  save: procedure('account.manage')
    .input(savePersonInput)
    .mutation(({ ctx, input }) => done(ctx.features.people.save(input, ctx.by))),

  setRole: procedure('account.manage')
    .input(setRoleInput)
    .mutation(({ ctx, input }) =>
      done(ctx.features.people.setRole(input.userId, input.role, ctx.by)),
    ),

  setTeams: procedure('account.manage')
    .input(setTeamsInput)
    .mutation(({ ctx, input }) =>
      done(ctx.features.people.setTeams(input.userId, input.teamIds, ctx.by)),
    ),

  setActive: procedure('account.manage')
    .input(setActiveInput)
    .mutation(({ ctx, input }) =>
      done(ctx.features.people.setActive(input.userId, input.isActive, ctx.by)),
    ),

  removeSecondFactor: procedure('account.manage')
    .input(personInput)
    .mutation(({ ctx, input }) =>
      done(ctx.features.people.removeSecondFactor(input.userId, ctx.by)),
    ),

  takeOver: procedure('account.manage')
    .input(personInput)
    .mutation(({ ctx, input }) => done(ctx.features.people.takeOver(input.userId, ctx.by))),

  giveBack: procedure('account.manage')
    .input(personInput)
    .mutation(({ ctx, input }) => done(ctx.features.people.giveBack(input.userId, ctx.by))),

  revokeSessions: procedure('account.manage')
    .input(personInput)
    .mutation(({ ctx, input }) =>
      done(ctx.features.accounts.sessions.revokeAll(input.userId, ctx.by)),
    ),
}

/** Everybody's; one's own are `session.list`. */
export const sessionsProcedures = {
  find: procedure('account.manage')
    .input(sessionsInput)
    .query(async ({ ctx, input }) => {
      const { db } = ctx.services
      const records = await livingSessions(db, input)
      const last = records.length === input.limit ? records.at(-1) : undefined
      const next: SessionPlace | null =
        last === undefined ? null : { lastUsedAt: last.place, id: last.id }
      return {
        sessions: records.map(toSession),
        next,
        count: await countLivingSessions(db, input.userId),
      }
    }),

  end: procedure('account.manage')
    .input(endSessionInput)
    .mutation(({ ctx, input }) =>
      done(ctx.features.accounts.sessions.revoke(input.sessionId, null, ctx.by)),
    ),
}

export const teamProcedures = {
  list: procedure('team.manage').query(({ ctx }) => listTeams(ctx.services.db)),

  create: procedure('team.manage')
    .input(createTeamInput)
    .mutation(({ ctx, input }) => done(createTeam(ctx.services, ctx.by, input))),

  save: procedure('team.manage')
    .input(saveTeamInput)
    .mutation(({ ctx, input }) => done(saveTeam(ctx.services, ctx.by, input))),

  setActive: procedure('team.manage')
    .input(setTeamActiveInput)
    .mutation(({ ctx, input }) => done(setTeamActive(ctx.services, ctx.by, input))),

  moveOpen: procedure('team.manage')
    .input(moveOpenInput)
    .mutation(({ ctx, input }) => moveOpen(ctx.services, ctx.by, input)),
}

export const securityProcedures = {
  policy: procedure('security.manage').query(({ ctx }) => readPolicy(ctx.services.db)),

  savePolicy: procedure('security.manage')
    .input(saveSecurityPolicyInput)
    .mutation(({ ctx, input }) => savePolicy(ctx.services, ctx.by, input)),
}

/** What the groups of the company's directory stand for. */
export const groupProcedures = {
  mappings: procedure('security.manage').query(({ ctx }) => readMappings(ctx.services.db)),

  saveMappings: procedure('security.manage')
    .input(saveGroupMappingsInput)
    .mutation(({ ctx, input }) => saveMappings(ctx.services, ctx.by, input)),
}
