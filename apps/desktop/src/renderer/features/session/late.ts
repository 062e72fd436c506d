import { type LateContribution } from '../../contributions/contribution.ts'
import { SignInAgainDialog } from './sign-in-again-dialog.tsx'
import { SignOutDialog } from './sign-out-dialog.tsx'

export const late: LateContribution = {
  dialogs: { sign_out: SignOutDialog, sign_in_again: SignInAgainDialog },
}
