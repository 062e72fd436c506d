import { mayEver } from '@parley/domain'
import { ServerCrash } from 'lucide-react'

import { type Contribution, type Reads } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { ProblemButton } from './problem-button.tsx'
import { ProblemStrip } from './problem-strip.tsx'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    problems: {
      words: typeof es
      commands: typeof commands
      reads: typeof reads
      screens: { problems: {} }
    }
  }
}

const reads = {
  'problems.list': { topics: ['problem', 'person'] },
} as const satisfies Reads

export const problems: Contribution = {
  words: { es, en },
  commands,
  reads,
  rail: [
    {
      screen: { kind: 'problems' },
      command: 'go.problems',
      label: 'problems.title',
      icon: ServerCrash,
      order: 2,
      isFor: ({ role }) => mayEver(role, 'problem.see'),
    },
  ],
  slots: {
    belowTitleBar: [{ part: ProblemStrip }],
    titleBarEnd: [{ part: ProblemButton, order: -2 }],
  },
  late: () => import('./late.ts'),
}
