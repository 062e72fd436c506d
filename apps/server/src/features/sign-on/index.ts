import { signOnProcedures } from './sign-on.router.ts'
import { type SignOn } from './sign-on.ts'

export {
  endSessionsOf,
  listProviders,
  removeProvider,
  resealProviders,
  saveProvider,
  setBreakGlass,
  unlink,
} from './providers.ts'
export { NoLogoutToken } from './back-channel-logout.ts'
export { checkProvider } from './check-provider.ts'
export { createSignOn, type SignOn } from './sign-on.ts'
export { NotSignedOn } from './who-came.ts'

export const procedures = { signOn: signOnProcedures }

declare module '../../platform/features.ts' {
  interface Features {
    signOn: SignOn
  }
}
