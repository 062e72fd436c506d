import { Clock } from 'lucide-react'

import { type Contribution, type Reads } from '../../contributions/contribution.ts'
import { type OutboxWordsByKind } from '../outbox/index.ts'
import { commands } from './commands.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

export { Composer } from './composer.tsx'
export type { ComposerHandle } from './composer-parts.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    composer: {
      words: typeof es
      commands: typeof commands
      reads: typeof reads
      outbox: typeof outbox
    }
  }
}

const reads = { 'cannedResponses.list': { topics: ['canned_response'] } } as const satisfies Reads

const outbox = {
  reply: { icon: Clock, title: 'outbox.reply', refused: 'refused.reply' },
} as const satisfies OutboxWordsByKind

export const composer: Contribution = {
  words: { es, en },
  commands,
  reads,
  outbox,
}
