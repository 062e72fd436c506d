import { reportProcedures } from './reports.router.ts'

export { startQueueSummary } from './queue-summary.ts'
export { retentionJobs } from './retention.jobs.ts'
export { statisticsJobs } from './statistics.jobs.ts'
export { writeStats } from './write-stats.ts'

export const procedures = { reports: reportProcedures }
