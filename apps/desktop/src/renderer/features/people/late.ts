import { type LateContribution } from '../../contributions/contribution.ts'
import { PeopleScreen } from './people-screen.tsx'

export const late: LateContribution = { screens: { people: PeopleScreen } }
