import { type Contribution } from '../../contributions/contribution.ts'
import { hitsGroup } from './hits-group.tsx'

export const late: Contribution = {
  paletteGroups: [hitsGroup],
}
