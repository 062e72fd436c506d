import { type LateContribution } from '../../contributions/contribution.ts'
import { QueueScreen } from './queue-screen.tsx'
import { WallboardMembers } from './wallboard-members.tsx'

export const late: LateContribution = {
  screens: { watch: QueueScreen },
  slots: { wallboardSide: [{ part: WallboardMembers, order: 1 }] },
}
