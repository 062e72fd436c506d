import { Tag } from 'lucide-react'

import { field } from '../../bridge/free-json.ts'
import { type EventWords, type EventsByType, actorOf } from '../conversation/index.ts'

export const tagEvents = {
  'conversation.tagged': {
    icon: Tag,
    sentence: (context) => {
      const { who, byMe } = actorOf(context)
      const tag = field(context.event.newValue, 'name') ?? ''
      return byMe
        ? { id: 'event.taggedByMe', values: { tag } }
        : { id: 'event.taggedBy', values: { tag, who: who ?? context.t('person.somebody') } }
    },
  } satisfies EventWords,
  'conversation.untagged': {
    icon: Tag,
    sentence: (context) => {
      const { who, byMe } = actorOf(context)
      const tag = field(context.event.oldValue, 'name') ?? ''
      return byMe
        ? { id: 'event.untaggedByMe', values: { tag } }
        : { id: 'event.untaggedBy', values: { tag, who: who ?? context.t('person.somebody') } }
    },
  } satisfies EventWords,
} satisfies EventsByType
