import { type Contribution } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

export { OutboxLines } from './outbox-lines.tsx'
export { refusalWords } from './outbox-words.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    outbox: { words: typeof es; commands: typeof commands; sheets: { outbox: true } }
  }
}

export const outbox: Contribution = {
  words: { es, en },
  commands,
  opens: { 'go.waiting': { sheet: 'outbox' } },
  late: () => import('./late.ts'),
}
