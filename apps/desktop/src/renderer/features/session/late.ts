import { type LateContribution } from '../../contributions/contribution.ts'
import { CarriedOverDialog } from './carried-over-dialog.tsx'
import { SignInAgainDialog } from './sign-in-again-dialog.tsx'
import { SignOutDialog } from './sign-out-dialog.tsx'

export const late: LateContribution = {
  dialogs: {
    carried_over: CarriedOverDialog,
    sign_out: SignOutDialog,
    sign_in_again: SignInAgainDialog,
  },
}
