export { applyTransition, insertEvent } from './apply-transition.ts'
export {
  insertClosedConversation,
  insertConversation,
  lockConversation,
  lockLatestConversation,
  saveConversation,
  type ConversationRecord,
} from './conversation-record.ts'
export { carryOut } from './carry-out.ts'
export { reopenForCustomer } from './reopen.ts'
export { returnToQueue } from './conversations.commands.ts'
export { conversationsRouter } from './conversations.router.ts'
