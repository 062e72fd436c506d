import { type Contribution } from '../../contributions/contribution.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

export { onlineWords, orderPeople } from './order-people.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    handover: {
      words: typeof es
      dialogs: { handover: { mode: 'transfer' | 'assign'; conversationId: string } }
    }
  }
}

export const handover: Contribution = {
  words: { es, en },
  late: () => import('./late.ts'),
}
