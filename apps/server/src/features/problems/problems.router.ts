import { acknowledgeProblemInput } from '@parley/contracts'

import { Failure } from '../../platform/failure.ts'
import { procedure } from '../../platform/procedure.ts'
import { acknowledgeProblem } from './problems.commands.ts'
import { readProblems } from './problems.rows.ts'

export const problemProcedures = {
  acknowledge: procedure('problem.see')
    .input(acknowledgeProblemInput)
    .mutation(async ({ ctx: { services, actor }, input: { problemId } }) => {
      await acknowledgeProblem(services, { problemId, userId: actor.userId })
      const [problem] = await readProblems(services.db, [problemId])
      if (problem === undefined) throw new Failure('not_found')
      return { problem }
    }),
}
