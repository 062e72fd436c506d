import { type Accounts } from './accounts.ts'

export { createAccounts } from './accounts.ts'
export { peopleRouter, sessionRouter } from './accounts.router.ts'

declare module '../../platform/features.ts' {
  interface Features {
    accounts: Accounts
  }
}
