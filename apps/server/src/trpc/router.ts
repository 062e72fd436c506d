import { FEATURES } from '../features.ts'
import { router } from '../platform/procedure.ts'

/** Several features may bring procedures of one name, as `conversations.close` and `conversations.history`. */
type ProceduresOf<Feature> = Feature extends { procedures: infer Procedures } ? Procedures : never
type All<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer Together,
) => void
  ? Together
  : never
type Procedures = All<ProceduresOf<(typeof FEATURES)[number]>>

const gathered: Record<string, object> = {}
for (const feature of FEATURES) {
  if (!('procedures' in feature)) continue
  for (const [name, procedures] of Object.entries(feature.procedures)) {
    gathered[name] = { ...gathered[name], ...procedures }
  }
}

/** The server's procedures. Workstations take its type, and nothing else, from here. */
export const appRouter = router(gathered as Procedures)

export type AppRouter = typeof appRouter
