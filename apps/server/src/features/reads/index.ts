import { readProcedures } from './reads.router.ts'
import { readMarkKind } from './reads.rows.ts'

export { readByAnswering } from './reads.commands.ts'

export const procedures = { reads: readProcedures }
export const kinds = [readMarkKind]
