import type { CloseReason } from '@parley/domain'

import { type MessageId } from '../../i18n/translate.ts'

export const CLOSE_REASON_WORDS = {
  resolved: 'close.resolved',
  no_response: 'close.no_response',
  duplicate: 'close.duplicate',
  spam: 'close.spam',
  other: 'close.other',
} as const satisfies Record<CloseReason, MessageId>
