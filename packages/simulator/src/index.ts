export {
  startFakeGraphApi,
  type AcceptedSend,
  type FakeGraphApi,
  type FakeGraphApiOptions,
  type Fault,
} from './graph-api.ts'
export {
  messageBody,
  newWamid,
  receiptBody,
  type BusinessNumber,
  type ReceiptStatus,
  type SimulatedContact,
  type SimulatedMessage,
  type SimulatedReceipt,
} from './payloads.ts'
export { createWebhookSender, toSignedBody, type WebhookSender } from './webhook-sender.ts'
