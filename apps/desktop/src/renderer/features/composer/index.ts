import { Clock } from 'lucide-react'

import { type Contribution, type Reads } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

export { Composer, type ComposerHandle } from './composer.tsx'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    composer: { words: typeof es; reads: typeof reads; commands: typeof commands }
  }
}

const reads = { 'cannedResponses.list': { topics: ['canned_response'] } } as const satisfies Reads

export const composer: Contribution = {
  words: { es, en },
  outbox: { reply: { icon: Clock, title: 'outbox.reply', refused: 'refused.reply' } },
  reads,
  commands,
}
