import { type Contribution } from '../../contributions/contribution.ts'
import { Palette } from './palette.tsx'

export const late: Contribution = {
  dialogs: { palette: Palette },
}
