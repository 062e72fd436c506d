export { startTriage, type Triage } from './triage.ts'
