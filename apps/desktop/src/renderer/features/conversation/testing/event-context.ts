import type { EventRow } from '@parley/contracts'

import { translateIn } from '../../../i18n/testing/translate-in.ts'
import { type EventContext } from '../event-words.ts'

const t = translateIn('es')

/** An event as `me` reads it, to whom others are known as `the …`. */
export const eventContext = (event: Partial<EventRow>): EventContext => ({
  event: { metadata: {}, oldValue: null, newValue: null, actorId: null, ...event } as EventRow,
  t,
  myId: 'me',
  nameOf: (id) => `the ${id}`,
})
