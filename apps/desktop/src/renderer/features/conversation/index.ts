import type { ConversationView } from '@parley/contracts'

import { type Contribution } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { ConversationPane } from './conversation-pane.tsx'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

export { useSettleMove } from './use-conversation-actions.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    conversation: {
      words: typeof es
      commands: typeof commands
      slots: { conversationHeader: { conversation: ConversationView; isCurrent: boolean } }
    }
  }
}

export const conversation: Contribution = {
  words: { es, en },
  commands,
  slots: { main: [{ part: ConversationPane }] },
}
