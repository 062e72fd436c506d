import {
  replayInput,
  saveRoutingSettingsInput,
  type QueueOutput,
  type ReplayOutput,
  type RoutingSettingsOutput,
} from '@parley/contracts'

import { Failure } from '../../platform/failure.ts'
import { teamProcedure } from '../../platform/procedure.ts'
import { teamSettings } from '../team-settings/index.ts'
import { queueView } from './queue-view.ts'
import { replay } from './replay.ts'
import { saveSettings, toWire } from './save-settings.ts'

export const routingProcedures = {
  settings: teamProcedure('team_settings.read').query(
    async ({ ctx, input }): Promise<RoutingSettingsOutput> => {
      const [stored] = await teamSettings(ctx.services.db, [input.teamId])
      if (stored === undefined) throw new Failure('not_found')
      return toWire(stored)
    },
  ),

  saveSettings: teamProcedure('team_settings.manage')
    .input(saveRoutingSettingsInput)
    .mutation(({ ctx, input }): Promise<RoutingSettingsOutput> =>
      saveSettings(ctx.services, input, ctx.by),
    ),

  queue: teamProcedure('queue.watch').query(({ ctx, input }): Promise<QueueOutput> =>
    queueView(ctx.services, input.teamId),
  ),

  replay: teamProcedure('report.see')
    .input(replayInput)
    .query(({ ctx, input }): Promise<ReplayOutput> => replay(ctx.services, input)),
}
