import {
  previewBusinessHoursInput,
  previewSlaSettingsInput,
  saveBusinessHoursInput,
  saveSlaSettingsInput,
  teamInput,
  type BusinessHoursOutput,
  type SlaEffect,
  type SlaSettingsOutput,
} from '@parley/contracts'

import { procedure } from '../../platform/procedure.ts'
import { requireOverTeam } from '../../platform/require-over.ts'
import { previewHours, readHours, saveHours } from './hours.ts'
import { previewSlaSettings, readSlaSettings, saveSlaSettings } from './settings.ts'

export const slaProcedures = {
  settings: procedure('team_settings.read')
    .input(teamInput)
    .query(({ ctx, input }): Promise<SlaSettingsOutput> => {
      requireOverTeam(ctx.actor, 'team_settings.read', input.teamId)
      return readSlaSettings(ctx.services.db, input.teamId)
    }),

  previewSettings: procedure('team_settings.manage')
    .input(previewSlaSettingsInput)
    .query(({ ctx, input }): Promise<SlaEffect> => {
      requireOverTeam(ctx.actor, 'team_settings.manage', input.teamId)
      return previewSlaSettings(ctx.services.db, input)
    }),

  saveSettings: procedure('team_settings.manage')
    .input(saveSlaSettingsInput)
    .mutation(({ ctx, input }): Promise<SlaSettingsOutput> => {
      requireOverTeam(ctx.actor, 'team_settings.manage', input.teamId)
      return saveSlaSettings(ctx.services, { ...input, actorId: ctx.actor.userId })
    }),
}

export const businessHoursProcedures = {
  get: procedure('team_settings.read')
    .input(teamInput)
    .query(({ ctx, input }): Promise<BusinessHoursOutput> => {
      requireOverTeam(ctx.actor, 'team_settings.read', input.teamId)
      return readHours(ctx.services.db, input.teamId)
    }),

  preview: procedure('team_settings.manage')
    .input(previewBusinessHoursInput)
    .query(({ ctx, input }): Promise<SlaEffect> => {
      requireOverTeam(ctx.actor, 'team_settings.manage', input.teamId)
      return previewHours(ctx.services.db, input)
    }),

  save: procedure('team_settings.manage')
    .input(saveBusinessHoursInput)
    .mutation(({ ctx, input }): Promise<BusinessHoursOutput> => {
      requireOverTeam(ctx.actor, 'team_settings.manage', input.teamId)
      return saveHours(ctx.services, { ...input, actorId: ctx.actor.userId })
    }),
}
