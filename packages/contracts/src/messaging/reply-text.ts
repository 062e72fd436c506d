import { LONGEST_REPLY, hasVisibleText } from '@parley/domain'

import { typedText } from '../primitives.ts'

/** What somebody writes to a customer: something that can be seen. */
export const replyText = typedText(LONGEST_REPLY).refine(
  hasVisibleText,
  'there is nothing to be seen in it',
)
