import { type LateContribution } from '../../contributions/contribution.ts'
import { AuditScreen } from './audit-screen.tsx'

export const late: LateContribution = { screens: { audit: AuditScreen } }
