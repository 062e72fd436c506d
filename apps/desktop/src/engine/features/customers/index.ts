import { type EngineFeature } from '../../feature.ts'
import {
  CUSTOMER_STEPS,
  forgetCustomerWithoutConversations,
  keptCustomers,
} from './kept-customers.ts'

export { CUSTOMER_OF_CONVERSATION, customerNameIn, customerOf } from './kept-customers.ts'

export const customers = {
  name: 'customers',
  steps: CUSTOMER_STEPS,
  kinds: [keptCustomers],
  conversationRemoved: (cache, { customerId }) =>
    forgetCustomerWithoutConversations(cache, customerId),
} satisfies EngineFeature
