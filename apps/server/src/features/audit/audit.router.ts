import { auditInput, beginExportInput, exportPageInput } from '@parley/contracts'

import { done, procedure } from '../../platform/procedure.ts'
import { findEntries } from './audit.queries.ts'
import { beginExport, exportPage } from './export.ts'

export const auditProcedures = {
  find: procedure('audit.read')
    .input(auditInput)
    .query(({ ctx, input }) => findEntries(ctx.services.db, input)),

  beginExport: procedure('audit.read')
    .input(beginExportInput)
    .mutation(({ ctx, input }) => done(beginExport(ctx.services, ctx.by, input))),

  exportPage: procedure('audit.read')
    .input(exportPageInput)
    .query(({ ctx, input }) => exportPage(ctx.services.db, ctx.by, input)),
}
