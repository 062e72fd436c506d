import { type Contribution } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

export { CustomerPanel } from './customer-panel.tsx'
export { useCustomerPanel } from './use-customer-panel.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    customer: {
      words: typeof es
      commands: typeof commands
    }
  }
}

export const customer: Contribution = {
  words: { es, en },
  commands,
}
