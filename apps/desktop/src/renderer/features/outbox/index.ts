import { type Contribution, type Reads } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { type OutboxWordsByKind } from './outbox-words.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

export { OutboxLines } from './outbox-lines.tsx'
export { type OutboxWordsByKind, refusalWords } from './outbox-words.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    outbox: {
      words: typeof es
      commands: typeof commands
      reads: typeof reads
      sheets: { outbox: true }
    }
  }
}

declare module '../../contributions/contribution.ts' {
  interface Contribution {
    /** What waits to be sent, or was refused, by its kind. */
    outbox?: OutboxWordsByKind
  }
}

const reads = { 'outbox.list': { topics: ['outbox'] } } as const satisfies Reads

export const outbox: Contribution = {
  words: { es, en },
  commands,
  opens: { 'go.waiting': { sheet: 'outbox' } },
  reads,
  late: () => import('./late.ts'),
}
