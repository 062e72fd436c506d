import { type Contribution } from '../../contributions/contribution.ts'
import { teamsGroup } from './teams-group.tsx'

export const late: Contribution = {
  paletteGroups: [teamsGroup],
}
