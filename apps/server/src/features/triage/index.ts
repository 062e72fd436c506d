export { startTriage, triageConversation, type Triage } from './triage.ts'
