import { problemProcedures } from './problems.router.ts'
import { problemKind } from './problems.rows.ts'

export { endProblem, raiseProblem, reviewProblem } from './problems.commands.ts'

export const procedures = { problems: problemProcedures }
export const kinds = [problemKind]
