export { applyTransition, insertEvent, type AssignmentMethod } from './apply-transition.ts'
export {
  insertClosedConversation,
  insertConversation,
  lockConversation,
  lockLatestConversation,
  saveConversation,
  teamSettings,
  type ConversationRecord,
} from './conversation-record.ts'
export { carryOut, type IntentOutcome } from './carry-out.ts'
export { reopenForCustomer } from './reopen.ts'
export { returnToQueue } from './conversations.commands.ts'
export { conversationsRouter } from './conversations.router.ts'
