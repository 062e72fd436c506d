import { type LateContribution } from '../../contributions/contribution.ts'
import { OutboxSheet } from './outbox-sheet.tsx'

export const late: LateContribution = {
  sheets: { outbox: OutboxSheet },
}
