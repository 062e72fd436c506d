import { accountProcedures, sessionProcedures } from './accounts.router.ts'
import { personKind, presenceKind, teamKind } from './accounts.rows.ts'
import { type Accounts } from './accounts.ts'

export { endLinksOf, makeLink, type LinkPurpose } from './account-links.ts'
export { startAccounts, type Accounts } from './accounts.ts'
export { isBreakGlass } from './forced-sign-on.ts'
export { type Arrival, type SignedOn } from './sign-in.ts'
export { hashToken } from './tokens.ts'
export { createSessions, type Sessions } from './sessions.ts'
export { NO_PASSWORD } from './passwords.ts'
export { removeSecondFactor, resealSecondFactors } from './second-factor.ts'
export { readPolicy, savePolicy } from './security-policy.ts'
export { countLivingSessions, livingSessions } from './sessions.queries.ts'

export const procedures = { session: sessionProcedures, accounts: accountProcedures }
export const kinds = [personKind, presenceKind, teamKind]

declare module '../../platform/features.ts' {
  interface Features {
    accounts: Accounts
  }
}
