import { signOnProcedures } from './sign-on.router.ts'
import { type SignOn } from './sign-on.ts'

export {
  endSessionsOf,
  listProviders,
  removeProvider,
  saveProvider,
  setBreakGlass,
  unlink,
} from './providers.ts'
export { checkProvider } from './check-provider.ts'
export { registerSignOn } from './sign-on.routes.ts'
export { createSignOn, type SignOn } from './sign-on.ts'

export const procedures = { signOn: signOnProcedures }

declare module '../../platform/features.ts' {
  interface Features {
    signOn: SignOn
  }
}
