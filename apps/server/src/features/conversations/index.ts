import { conversationProcedures } from './conversations.router.ts'
import { conversationKind, eventKind } from './conversations.rows.ts'

export {
  applyTransition,
  applyTransitions,
  insertEvent,
  type Happening,
} from './apply-transition.ts'
export {
  insertClosedConversation,
  insertConversation,
  lockConversation,
  lockFreeConversations,
  lockLatestConversation,
  changeConversation,
  touchConversation,
  type ConversationRecord,
} from './conversation-record.ts'
export { assignMany, type RoutedAssignment } from './assign-many.ts'
export { carryOut } from './carry-out.ts'
export { reopenForCustomer, reopenForOwner } from './reopen.ts'
export { moveToTeam, returnToQueue } from './conversations.commands.ts'
export { conversationSeenBy, eventReadBy, eventsSince } from './conversations.rows.ts'

export const procedures = { conversations: conversationProcedures }
export const kinds = [conversationKind, eventKind]
