import { mayEver } from '@parley/domain'
import { Users } from 'lucide-react'

import { type Contribution } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    people: {
      words: typeof es
      commands: typeof commands
      screens: { people: { part: 'people' | 'teams' | 'access' } }
    }
  }
}

export const people: Contribution = {
  words: { es, en },
  commands,
  refusals: ({ code, details: { what } }) =>
    code === 'required' && what === 'another_team'
      ? { title: 'teams.lastOne', detail: 'teams.lastOneWords' }
      : null,
  rail: [
    {
      screen: { kind: 'people', part: 'people' },
      command: 'go.people',
      label: 'people.title',
      icon: Users,
      isFor: ({ role }) => mayEver(role, 'account.manage'),
      order: 2,
    },
  ],
  late: () => import('./late.ts'),
}
