import { personKind, teamKind } from './accounts.rows.ts'
import { peopleProcedures, sessionProcedures } from './accounts.router.ts'
import { type Accounts } from './accounts.ts'

export { createAccounts } from './accounts.ts'

export const procedures = { session: sessionProcedures, people: peopleProcedures }
export const kinds = [personKind, teamKind]

declare module '../../platform/features.ts' {
  interface Features {
    accounts: Accounts
  }
}
