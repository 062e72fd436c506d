export { startDelivery } from './deliver.ts'
export { insertChannelMessage } from './messages.queries.ts'
export { messagesRouter } from './messages.router.ts'
export { applyReceipt } from './receipts.ts'
export { sendSystemMessage } from './system-message.ts'

import { type Delivery } from './deliver.ts'

declare module '../../platform/features.ts' {
  interface Features {
    delivery: Delivery
  }
}
