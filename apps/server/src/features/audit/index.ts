import { auditProcedures } from './audit.router.ts'

export { auditJobs } from './audit.jobs.ts'
export { noteRestore } from './restored.ts'
export { verifyLog, type Verified } from './verify.ts'

export const procedures = { audit: auditProcedures }
