import { violationsInput, type HourFiguresOutput, type ViolationsOutput } from '@parley/contracts'
import { reachOf } from '@parley/domain'

import { procedure } from '../../platform/procedure.ts'
import { hourFigures } from './hour-figures.ts'
import { scopeOf } from './scope.ts'
import { violations } from './violations.ts'

export const reportProcedures = {
  violations: procedure('report.see')
    .input(violationsInput)
    .query(({ ctx, input }): Promise<ViolationsOutput> =>
      violations(ctx.services.db, scopeOf(ctx.actor, 'report.see', input), input),
    ),

  hourFigures: procedure('queue.watch').query(({ ctx }): Promise<HourFiguresOutput> => {
    const reachesAll = reachOf(ctx.actor.role, 'queue.watch') === 'all'
    return hourFigures(ctx.services.db, reachesAll ? null : ctx.actor.teamIds)
  }),
}
