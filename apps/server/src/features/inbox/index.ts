import { listProcedures } from './inbox.router.ts'

export const procedures = { lists: listProcedures }
