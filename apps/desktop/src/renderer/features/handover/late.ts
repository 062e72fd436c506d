import { type LateContribution } from '../../contributions/contribution.ts'
import { HandoverDialog } from './handover-dialog.tsx'
import { peopleGroup } from './people-group.tsx'

export const late: LateContribution = {
  dialogs: { handover: HandoverDialog },
  paletteGroups: [peopleGroup],
}
