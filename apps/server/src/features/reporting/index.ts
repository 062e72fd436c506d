export { retentionJobs, startQueueSummary } from './reporting.jobs.ts'
