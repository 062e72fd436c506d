import { z } from 'zod'

import { engineMethods, takes } from '../method.ts'
import { id } from '../primitives.ts'

declare module '../inbox/bridge.ts' {
  interface RowMarks {
    /** Customer's messages that this person has not read, in an open conversation of their own; 0 in any other. */
    unread: number
  }
}

const conversation = z.object({ conversationId: id })

export const readMethods = engineMethods({
  /** Everything that is here of it has been on the screen. Kept, and told to the person's other devices. */
  'reads.markRead': takes(conversation).gives<null>(),
  /** The customer's newest message counts as unread again, on every device. */
  'reads.markUnread': takes(conversation).gives<null>(),
})
