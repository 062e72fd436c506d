import { type ProblemView } from '@parley/contracts'
import { mayEver } from '@parley/domain'

import { type EngineFeature } from '../../feature.ts'
import { type Cache } from '../../store/cache.ts'
import { personNameOf } from '../accounts/index.ts'
import {
  PROBLEM_STEPS,
  brokenThing,
  forgetProblems,
  keptProblems,
  openProblems,
} from './kept-problems.ts'
import { tellProblems } from './tell-problems.ts'

/** What is broken in the installation, for administrators. */
export const problems = {
  name: 'problems',
  steps: PROBLEM_STEPS,
  kinds: [keptProblems],
  listens: tellProblems,
  // The server stops telling whoever is no administrator any more, and does not take back what it said.
  accessChanged(cache, { topics }) {
    if (mayEver(cache.actor.role, 'problem.see')) return
    forgetProblems(cache)
    topics.add('problem')
  },
  handlers: (engine) => ({
    'problems.list': () => listProblems(engine.cache),
    'problems.acknowledge': async (input) => {
      await engine.take(
        (trpc) => trpc.problems.acknowledge.mutate(input),
        ({ problem }) => [{ op: 'put', kind: 'problem', row: problem }],
      )
      return null
    },
  }),
} satisfies EngineFeature

/** What nobody has acknowledged first, of each the newest. */
export function listProblems(cache: Cache): ProblemView[] {
  return openProblems(cache)
    .map(({ problem }) => ({
      ...brokenThing(problem),
      id: problem.id,
      firstAt: problem.firstAt,
      lastAt: problem.lastAt,
      acknowledged:
        problem.acknowledgedAt === null
          ? null
          : {
              at: problem.acknowledgedAt,
              byName: personNameOf(cache, problem.acknowledgedBy),
            },
    }))
    .toSorted((a, b) => Number(a.acknowledged !== null) - Number(b.acknowledged !== null))
}
