import {
  previewBusinessHoursInput,
  previewSlaSettingsInput,
  saveBusinessHoursInput,
  saveSlaSettingsInput,
  type BusinessHoursOutput,
  type SlaEffect,
  type SlaSettingsOutput,
} from '@parley/contracts'

import { teamProcedure } from '../../platform/procedure.ts'
import { previewHours, readHours, saveHours } from './hours.ts'
import { previewSlaSettings, readSlaSettings, saveSlaSettings } from './settings.ts'

export const slaProcedures = {
  settings: teamProcedure('team_settings.read').query(
    ({ ctx, input }): Promise<SlaSettingsOutput> => readSlaSettings(ctx.services.db, input.teamId),
  ),

  previewSettings: teamProcedure('team_settings.manage')
    .input(previewSlaSettingsInput)
    .query(({ ctx, input }): Promise<SlaEffect> => previewSlaSettings(ctx.services.db, input)),

  saveSettings: teamProcedure('team_settings.manage')
    .input(saveSlaSettingsInput)
    .mutation(({ ctx, input }): Promise<SlaSettingsOutput> =>
      saveSlaSettings(ctx.services, input, ctx.by),
    ),
}

export const businessHoursProcedures = {
  get: teamProcedure('team_settings.read').query(({ ctx, input }): Promise<BusinessHoursOutput> =>
    readHours(ctx.services.db, input.teamId),
  ),

  preview: teamProcedure('team_settings.manage')
    .input(previewBusinessHoursInput)
    .query(({ ctx, input }): Promise<SlaEffect> => previewHours(ctx.services.db, input)),

  save: teamProcedure('team_settings.manage')
    .input(saveBusinessHoursInput)
    .mutation(({ ctx, input }): Promise<BusinessHoursOutput> =>
      saveHours(ctx.services, input, ctx.by),
    ),
}
