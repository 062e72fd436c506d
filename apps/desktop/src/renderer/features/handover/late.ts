import { type Contribution } from '../../contributions/contribution.ts'
import { HandoverDialog } from './handover-dialog.tsx'

export const late: Contribution = {
  dialogs: { handover: HandoverDialog },
}
