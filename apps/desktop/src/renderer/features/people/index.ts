import { mayEver } from '@parley/domain'
import { Users } from 'lucide-react'

import { type Contribution, type RefusalWords } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    people: {
      words: typeof es
      commands: typeof commands
      screens: { people: { part: 'people' | 'teams' | 'access' | 'signOn' } }
    }
  }
}

/** What has to be done first, where it is this screen's. */
function required(what: unknown): RefusalWords | null {
  switch (what) {
    case 'another_team':
      return { title: 'teams.lastOne', detail: 'teams.lastOneWords' }
    case 'break_glass':
    case 'second_factor':
    case 'admin':
      return { title: `signOn.needs.${what}`, detail: `signOn.needs.${what}.detail` }
    default:
      return null
  }
}

export const people: Contribution = {
  words: { es, en },
  commands,
  refusals: ({ code, details: { what } }) => (code === 'required' ? required(what) : null),
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
