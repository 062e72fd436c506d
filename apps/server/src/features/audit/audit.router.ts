import { auditInput } from '@parley/contracts'

import { procedure } from '../../platform/procedure.ts'
import { findEntries } from './audit.queries.ts'

export const auditProcedures = {
  find: procedure('audit.read')
    .input(auditInput)
    .query(({ ctx, input }) => findEntries(ctx.services.db, input)),
}
