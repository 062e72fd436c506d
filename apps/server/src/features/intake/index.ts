export { startIntake, type Intake } from './receive.ts'
export { storeFurtherMessages } from './further-messages.ts'
export { listQuarantined, retryQuarantined } from './quarantine.ts'
