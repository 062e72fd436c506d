import { type BrokenThing } from '@parley/contracts'

import { type Listener, type ListeningPost } from '../../feature.ts'
import { brokenThing, markTold, openProblems } from './kept-problems.ts'

declare module '../../notices.ts' {
  interface Notices {
    /** What this device has not told yet, together. */
    problems: { problems: readonly ({ problemId: string } & BrokenThing)[] }
    /** It has ended, or somebody has acknowledged it. */
    problem_over: { problemId: string }
  }
}

/**
 * Tells once on this device what is broken and nobody has acknowledged. It is marked after it was handed over, so that a
 * stop in between tells it twice rather than never.
 */
export function tellProblems({ cache, notice }: Pick<ListeningPost, 'cache' | 'notice'>): Listener {
  const standing = new Set<string>()

  function look(): void {
    const open = openProblems(cache).filter(({ problem }) => problem.acknowledgedAt === null)
    const ids = new Set(open.map(({ problem }) => problem.id))
    for (const id of standing) {
      if (ids.has(id)) continue
      standing.delete(id)
      notice({ kind: 'problem_over', problemId: id })
    }
    const untold = open.filter(({ isTold }) => !isTold).map(({ problem }) => problem)
    if (untold.length === 0) return
    for (const { id } of untold) standing.add(id)
    notice({
      kind: 'problems',
      problems: untold.map((problem) => ({ problemId: problem.id, ...brokenThing(problem) })),
    })
    markTold(
      cache,
      untold.map(({ id }) => id),
    )
  }

  return {
    live: look,
    applied({ topics }) {
      if (topics.has('problem')) look()
    },
  }
}
