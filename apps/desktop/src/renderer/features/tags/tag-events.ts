import { Tag } from 'lucide-react'

import { field } from '../../bridge/free-json.ts'
import { type MessageId } from '../../i18n/translate.ts'
import { type EventWords, type EventsByType, actorOf } from '../conversation/index.ts'

/** The tag's name stands in the new value where it was put on, in the old one where it was taken off. */
function words(of: 'newValue' | 'oldValue', byMe: MessageId, by: MessageId): EventWords {
  return {
    icon: Tag,
    sentence: (context) => {
      const actor = actorOf(context)
      const tag = field(context.event[of], 'name') ?? ''
      if (actor.byMe) return { id: byMe, values: { tag } }
      return { id: by, values: { tag, who: actor.who ?? context.t('person.somebody') } }
    },
  }
}

export const tagEvents = {
  'conversation.tagged': words('newValue', 'event.taggedByMe', 'event.taggedBy'),
  'conversation.untagged': words('oldValue', 'event.untaggedByMe', 'event.untaggedBy'),
} satisfies EventsByType
