export { type ChannelAdapter, type SendResult } from './adapter.ts'
export { registerChannelAccount } from './channels.queries.ts'
export { createChatAppAdapter } from './chat-app/chat-app.adapter.ts'
export { PARSERS } from './parsers.ts'
export { isSignedBy } from './signature.ts'
export {
  UnreadableBody,
  type ChangedIdentity,
  type ChannelMessage,
  type CustomerReference,
  type Receipt,
  type Update,
} from './updates.ts'
export { createWhatsAppAdapter } from './whatsapp/whatsapp.adapter.ts'
