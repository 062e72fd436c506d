import { type LateContribution } from '../../contributions/contribution.ts'
import { HelpSheet } from './help-sheet.tsx'

export const late: LateContribution = {
  dialogs: { help: HelpSheet },
}
