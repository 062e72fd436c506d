export { startIntake, type Intake } from './receive.ts'
export { createBatches } from './batches.ts'
export { listQuarantined, retryQuarantined } from './quarantine.ts'
