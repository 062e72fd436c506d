import { ChevronsUp } from 'lucide-react'

import { field } from '../../bridge/free-json.ts'
import { priorityWord } from '../../ui/priority-words.ts'
import { type EventWords, actorOf } from '../conversation/index.ts'

export const priorityEvent: EventWords = {
  icon: ChevronsUp,
  sentence: (context) => {
    const { who, byMe } = actorOf(context)
    const priority = priorityWord(field(context.event.newValue, 'priority') ?? 'normal', context.t)
    if (who === null) return { id: 'event.priority', values: { priority } }
    return byMe
      ? { id: 'event.priorityByMe', values: { priority } }
      : { id: 'event.priorityBy', values: { who, priority } }
  },
}
