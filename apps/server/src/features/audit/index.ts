import { auditProcedures } from './audit.router.ts'

export { auditJobs } from './audit.jobs.ts'
export { beginExport, exportPage } from './export.ts'
export { noteKeyChange } from './key-changed.ts'
export { noteRestore } from './restored.ts'
export { verifyCopy, type VerifiedCopy } from './verify-copy.ts'
export { verifyLog, type Verified } from './verify.ts'

export const procedures = { audit: auditProcedures }
