import { type LateContribution } from '../../contributions/contribution.ts'
import { hitsGroup } from './hits-group.tsx'

export const late: LateContribution = {
  paletteGroups: [hitsGroup],
}
