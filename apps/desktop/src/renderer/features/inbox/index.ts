import { type Contribution, type Reads } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { InboxPane } from './inbox-pane.tsx'
import { type ListSection, orderSection } from './list-sections.tsx'
import { RailViews } from './rail-views.tsx'
import { type RowStateProps, RowOwner, RowUnread } from './row-state.tsx'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

export { type ListSection } from './list-sections.tsx'
export { filteredBy, focusList } from './list-state.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    inbox: {
      words: typeof es
      commands: typeof commands
      reads: typeof reads
      slots: { inboxRow: RowStateProps }
    }
  }
}

declare module '../../contributions/contribution.ts' {
  interface Contribution {
    /** Parts of the menu of the list's control. */
    listSections?: readonly ListSection[]
  }
}

const reads = {
  'inbox.list': { conversations: 'any', topics: ['outbox', 'person', 'team', 'beside'] },
  'inbox.counts': { conversations: 'any', topics: ['outbox', 'beside'] },
} as const satisfies Reads

export const inbox: Contribution = {
  words: { es, en },
  commands,
  reads,
  listSections: [orderSection],
  slots: {
    rail: [{ part: RailViews }],
    main: [{ part: InboxPane }],
    inboxRow: [{ part: RowUnread }, { part: RowOwner }],
  },
  late: () => import('./late.ts'),
}
