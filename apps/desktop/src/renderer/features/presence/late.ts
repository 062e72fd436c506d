import { type Contribution } from '../../contributions/contribution.ts'
import { EndShiftDialog } from './end-shift-dialog.tsx'

export const late: Contribution = {
  dialogs: { end_shift: EndShiftDialog },
}
