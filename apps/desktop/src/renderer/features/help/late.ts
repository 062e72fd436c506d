import { type Contribution } from '../../contributions/contribution.ts'
import { HelpSheet } from './help-sheet.tsx'

export const late: Contribution = {
  dialogs: { help: HelpSheet },
}
