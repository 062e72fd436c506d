export { startQueueSummary } from './queue-summary.ts'
export { retentionJobs } from './retention.jobs.ts'
