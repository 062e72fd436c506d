import { type LateContribution } from '../../contributions/contribution.ts'
import { teamsGroup } from './teams-group.tsx'

export const late: LateContribution = {
  paletteGroups: [teamsGroup],
}
