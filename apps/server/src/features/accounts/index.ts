import { personKind, presenceKind, teamKind } from './accounts.rows.ts'
import { accountProcedures, peopleProcedures, sessionProcedures } from './accounts.router.ts'
import { type Accounts } from './accounts.ts'

export { createAccounts } from './accounts.ts'

export const procedures = {
  session: sessionProcedures,
  people: peopleProcedures,
  accounts: accountProcedures,
}
export const kinds = [personKind, presenceKind, teamKind]

declare module '../../platform/features.ts' {
  interface Features {
    accounts: Accounts
  }
}
