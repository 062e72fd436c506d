import { hasVisibleText } from '@parley/domain'

import { MAXIMUM_TEXT_LENGTH, typedText } from '../primitives.ts'

/** What somebody writes to a customer: something that can be seen. */
export const replyText = typedText(MAXIMUM_TEXT_LENGTH).refine(
  hasVisibleText,
  'there is nothing to be seen in it',
)
