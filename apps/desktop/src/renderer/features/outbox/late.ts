import { type Contribution } from '../../contributions/contribution.ts'
import { OutboxSheet } from './outbox-sheet.tsx'

export const late: Contribution = {
  sheets: { outbox: OutboxSheet },
}
