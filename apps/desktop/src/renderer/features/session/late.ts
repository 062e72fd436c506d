import { type LateContribution } from '../../contributions/contribution.ts'
import { CarriedOverDialog } from './carried-over-dialog.tsx'
import { SignOutDialog } from './sign-out-dialog.tsx'

export const late: LateContribution = {
  dialogs: {
    carried_over: CarriedOverDialog,
    sign_out: SignOutDialog,
  },
}
