import { engineMethods, takes, takesNothing } from '../method.ts'
import { teamInput } from '../routing/api.ts'
import {
  type BusinessHoursOutput,
  type HourFiguresOutput,
  type SlaEffect,
  type SlaSettingsOutput,
  type ViolationsOutput,
  previewBusinessHoursInput,
  previewSlaSettingsInput,
  saveBusinessHoursInput,
  saveSlaSettingsInput,
  violationsInput,
} from './api.ts'
import { type SlaClockRow } from './rows.ts'

declare module '../inbox/bridge.ts' {
  interface RowMarks {
    /** The running clock that is due first, else one that stands still. */
    clock: SlaClockRow | null
  }
}

/** These ask the server and fail with `server_unreachable` without it. */
export const slaMethods = engineMethods({
  'sla.settings': takes(teamInput).gives<SlaSettingsOutput>(),
  'sla.previewSettings': takes(previewSlaSettingsInput).gives<SlaEffect>(),
  'sla.saveSettings': takes(saveSlaSettingsInput).gives<SlaSettingsOutput>(),
  'sla.violations': takes(violationsInput).gives<ViolationsOutput>(),
  'sla.hourFigures': takesNothing.gives<HourFiguresOutput>(),
  'businessHours.get': takes(teamInput).gives<BusinessHoursOutput>(),
  'businessHours.preview': takes(previewBusinessHoursInput).gives<SlaEffect>(),
  'businessHours.save': takes(saveBusinessHoursInput).gives<BusinessHoursOutput>(),
})
