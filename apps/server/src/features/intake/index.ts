export { startIntake, type Intake } from './receive.ts'
