import { type LateContribution } from '../../contributions/contribution.ts'
import { EndShiftDialog } from './end-shift-dialog.tsx'

export const late: LateContribution = {
  dialogs: { end_shift: EndShiftDialog },
}
