import { type Contribution, type Reads } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { InboxPane } from './inbox-pane.tsx'
import { RailViews } from './rail-views.tsx'
import { type ListSection, dueSection, orderSection } from './list-sections.tsx'
import { type RowStateProps, RowOwner, RowUnread } from './row-state.tsx'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    inbox: {
      words: typeof es
      slots: { inboxRow: RowStateProps }
      reads: typeof reads
      commands: typeof commands
    }
  }
}

const reads = {
  'inbox.list': { conversations: 'any', topics: ['outbox', 'person', 'team'] },
  'inbox.counts': { conversations: 'any', topics: ['outbox'] },
} as const satisfies Reads

declare module '../../contributions/contribution.ts' {
  interface Contribution {
    /** Parts of the menu of the list's control. */
    listSections?: readonly ListSection[]
  }
}

export const inbox: Contribution = {
  words: { es, en },
  listSections: [dueSection, orderSection],
  reads,
  commands,
  slots: {
    rail: [{ part: RailViews }],
    main: [{ part: InboxPane }],
    inboxRow: [{ part: RowUnread }, { part: RowOwner }],
  },
  late: () => import('./late.ts'),
}
