import { type LateContribution } from '../../contributions/contribution.ts'
import { Palette } from './palette.tsx'

export const late: LateContribution = {
  dialogs: { palette: Palette },
}
