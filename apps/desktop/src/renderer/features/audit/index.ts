import { mayEver } from '@parley/domain'
import { ScrollText } from 'lucide-react'

import { type Contribution } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { type ShownFilter } from './shown-filter.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    audit: {
      words: typeof es
      commands: typeof commands
      screens: { audit: { filter: Partial<ShownFilter> | null } }
    }
  }
}

export const audit: Contribution = {
  words: { es, en },
  commands,
  rail: [
    {
      screen: { kind: 'audit', filter: null },
      command: 'go.audit',
      label: 'audit.title',
      icon: ScrollText,
      isFor: ({ role }) => mayEver(role, 'audit.read'),
      order: 2,
    },
  ],
  late: () => import('./late.ts'),
}
