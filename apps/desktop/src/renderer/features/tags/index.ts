import { Tag, Tags } from 'lucide-react'
import { mayEver } from '@parley/domain'

import { type Contribution, type Reads } from '../../contributions/contribution.ts'
import { type OutboxWordsByKind } from '../outbox/index.ts'
import { commands } from './commands.ts'
import { ConversationTags, RowTags } from './conversation-tags.tsx'
import { tagEvents } from './tag-events.ts'
import { tagFilter } from './tag-filter.tsx'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    tags: {
      words: typeof es
      commands: typeof commands
      reads: typeof reads
      outbox: typeof outbox
      events: typeof tagEvents
      screens: { tags: {} }
      dialogs: { tags: { conversationId: string } }
    }
  }
}

const reads = {
  'tags.list': { topics: ['tag', 'tag_rule', 'person', 'team'] },
} as const satisfies Reads

const outbox = {
  add_tag: { icon: Tag, title: 'outbox.addTag', refused: 'refused.addTag' },
  drop_tag: { icon: Tag, title: 'outbox.dropTag', refused: 'refused.dropTag' },
} as const satisfies OutboxWordsByKind

export const tags: Contribution = {
  words: { es, en },
  commands,
  reads,
  outbox,
  events: tagEvents,
  refusals: ({ code, details: { what, problem } }) => {
    if (code === 'required' && what === 'tags')
      return { title: 'tags.required', detail: 'tags.required.detail' }
    if (code === 'invalid_input' && problem === 'taken')
      return { title: 'tags.taken', detail: 'tags.taken.detail' }
    return null
  },
  listSections: [tagFilter],
  rail: [
    {
      screen: { kind: 'tags' },
      command: 'go.tags',
      label: 'tags.title',
      icon: Tags,
      order: 1,
      isFor: ({ role }) => mayEver(role, 'tag.manage'),
    },
  ],
  slots: {
    conversationHeader: [{ part: ConversationTags }],
    inboxRow: [{ part: RowTags, order: -1 }],
  },
  late: () => import('./late.ts'),
}
