import { type Reads } from '../../contributions/contribution.ts'

/** With names, and with what waits to be sent. */
export const reads = {
  'conversation.get': { conversations: 'same', topics: ['outbox', 'person', 'team', 'beside'] },
} as const satisfies Reads
