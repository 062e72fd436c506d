export { startDelivery } from './deliver.ts'
export { answeredFromElsewhere } from './answers.ts'
export { insertChannelMessage } from './messages.queries.ts'
export { applyParkedReceipts, applyReceipt } from './receipts.ts'
export { sendSystemMessage } from './system-message.ts'

import { type Delivery } from './deliver.ts'
import { historyProcedures, messageProcedures } from './messages.router.ts'
import { messageKind } from './messages.rows.ts'

export const procedures = { messages: messageProcedures, conversations: historyProcedures }
export const kinds = [messageKind]

declare module '../../platform/features.ts' {
  interface Features {
    delivery: Delivery
  }
}
