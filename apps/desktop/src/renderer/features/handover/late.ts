import { type Contribution } from '../../contributions/contribution.ts'
import { HandoverDialog } from './handover-dialog.tsx'
import { peopleGroup } from './people-group.tsx'

export const late: Contribution = {
  dialogs: { handover: HandoverDialog },
  paletteGroups: [peopleGroup],
}
