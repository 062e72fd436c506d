export { type ChannelAdapter, type SendResult } from './adapter.ts'
export { registerChannelAccount } from './channels.queries.ts'
export { createChatAppAdapter } from './chat-app/chat-app.adapter.ts'
export { isSignedBy } from './signature.ts'
export {
  UnreadableBody,
  type BusinessEcho,
  type CustomerReference,
  type InboundMessage,
  type Receipt,
  type Update,
} from './updates.ts'
export { createWhatsAppAdapter } from './whatsapp/whatsapp.adapter.ts'
