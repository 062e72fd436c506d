import { engineMethods, takes, takesNothing } from '../method.ts'
import { personInput } from '../people/api.ts'
import { id } from '../primitives.ts'
import {
  checkProviderInput,
  removeProviderInput,
  saveProviderInput,
  setBreakGlassInput,
  type CheckProviderOutput,
  type ProvidersOutput,
} from './api.ts'

/** These ask the server and fail with `server_unreachable` without it. */
export const signOnMethods = engineMethods({
  'signOn.providers': takesNothing.gives<ProvidersOutput>(),
  /** Without an id it is a new one. */
  'signOn.save': takes(saveProviderInput.extend({ id: id.nullable() })).gives<null>(),
  'signOn.remove': takes(removeProviderInput).gives<null>(),
  'signOn.check': takes(checkProviderInput).gives<CheckProviderOutput>(),
  'signOn.setBreakGlass': takes(setBreakGlassInput).gives<null>(),
  'signOn.unlink': takes(personInput).gives<null>(),
})
