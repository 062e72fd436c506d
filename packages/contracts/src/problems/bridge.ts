import { engineMethods, takes, takesNothing } from '../method.ts'
import { acknowledgeProblemInput } from './api.ts'
import { type ProblemDetails, type ProblemKind } from './rows.ts'

/** What is broken; `other`: what only a newer workstation has words for. */
export type BrokenThing =
  | { [Kind in ProblemKind]: { kind: Kind; details: ProblemDetails<Kind> } }[ProblemKind]
  | { kind: 'other'; details: Record<string, never> }

/** A problem that stands. */
export type ProblemView = BrokenThing & {
  id: string
  firstAt: string
  lastAt: string
  acknowledged: { at: string; byName: string | null } | null
}

export const problemMethods = engineMethods({
  /** Those that nobody has acknowledged first, of each the newest; empty for whoever may not see them. */
  'problems.list': takesNothing.shows<ProblemView[]>(),
  /** Fails with `server_unreachable` without the server. */
  'problems.acknowledge': takes(acknowledgeProblemInput).gives<null>(),
})
