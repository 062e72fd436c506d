import { type Contribution } from '../../contributions/contribution.ts'
import { ConnectionStatus } from './connection-status.tsx'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    connection: {
      words: typeof es
    }
  }
}

export const connection: Contribution = {
  words: { es, en },
  slots: { titleBarStatus: [{ part: ConnectionStatus }] },
}
