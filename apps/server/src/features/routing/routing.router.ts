import {
  replayInput,
  saveRoutingSettingsInput,
  teamInput,
  type QueueOutput,
  type ReplayOutput,
  type RoutingSettingsOutput,
} from '@parley/contracts'

import { Failure } from '../../platform/failure.ts'
import { procedure } from '../../platform/procedure.ts'
import { teamSettings } from '../team-settings/index.ts'
import { requireOverTeam } from '../../platform/require-over.ts'
import { queueView } from './queue-view.ts'
import { replay } from './replay.ts'
import { saveSettings, toWire } from './save-settings.ts'

export const routingProcedures = {
  settings: procedure('team_settings.read')
    .input(teamInput)
    .query(async ({ ctx, input }): Promise<RoutingSettingsOutput> => {
      requireOverTeam(ctx.actor, 'team_settings.read', input.teamId)
      const [stored] = await teamSettings(ctx.services.db, [input.teamId])
      if (stored === undefined) throw new Failure('not_found')
      return toWire(stored)
    }),

  saveSettings: procedure('team_settings.manage')
    .input(saveRoutingSettingsInput)
    .mutation(({ ctx, input }): Promise<RoutingSettingsOutput> => {
      requireOverTeam(ctx.actor, 'team_settings.manage', input.teamId)
      return saveSettings(ctx.services, { ...input, actorId: ctx.actor.userId })
    }),

  queue: procedure('queue.watch')
    .input(teamInput)
    .query(({ ctx, input }): Promise<QueueOutput> => {
      requireOverTeam(ctx.actor, 'queue.watch', input.teamId)
      return queueView(ctx.services, input.teamId)
    }),

  replay: procedure('report.see')
    .input(replayInput)
    .query(({ ctx, input }): Promise<ReplayOutput> => {
      requireOverTeam(ctx.actor, 'report.see', input.teamId)
      return replay(ctx.services, input)
    }),
}
