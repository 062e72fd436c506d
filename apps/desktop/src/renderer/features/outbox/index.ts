import { type Contribution, type Reads } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { type OutboxWordsByKind } from './outbox-words.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

export { type OutboxWordsByKind, outboxWords, refusalWords } from './outbox-words.ts'

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
  refusals: ({ code, details }) =>
    code === 'conflict' && details['action'] === 'carried_over'
      ? { title: 'refused.carriedOver', detail: 'refused.carriedOver.detail' }
      : null,
  late: () => import('./late.ts'),
}
