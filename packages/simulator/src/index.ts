export { AgentFailure, signInAgent } from './agent-session.ts'
export { startAgent, type AgentOptions, type SimulatedAgent } from './agents.ts'
export {
  CALM_PACE,
  createCrowd,
  EAGER_PACE,
  startCustomers,
  type Crowd,
  type Customers,
  type CustomersOptions,
  type Pace,
  type WrittenLine,
} from './customers.ts'
export {
  SIMULATED_USAGE,
  startFakeLanguageModel,
  type FakeLanguageModel,
  type ModelFault,
  type ModelRequest,
} from './fake-language-model.ts'
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
  whatsAppBody,
  type BusinessNumber,
  type ReceiptStatus,
  type SimulatedContact,
  type SimulatedMessage,
  type SimulatedReceipt,
} from './payloads.ts'
export { createWebhookSender, toSignedBody, type WebhookSender } from './webhook-sender.ts'
export { ANSWERING_COLLEAGUES } from './cli/simulate-options.ts'
export { createRandom, type Random } from './random.ts'
export { suggestAnswer, type SuggestedAnswer } from './suggest-answer.ts'
