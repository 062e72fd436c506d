import { type LateContribution } from '../../contributions/contribution.ts'
import { AccountDialog } from './account-dialog.tsx'
import { CarriedOverDialog } from './carried-over-dialog.tsx'
import { RecoveryCodesDialog } from './recovery-codes.tsx'
import { SignOutDialog } from './sign-out-dialog.tsx'

export const late: LateContribution = {
  dialogs: {
    account: AccountDialog,
    carried_over: CarriedOverDialog,
    recovery_codes: RecoveryCodesDialog,
    sign_out: SignOutDialog,
  },
}
