import { type Contribution } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { MarkUnread } from './mark-unread.ts'
import { UnreadTitle } from './unread-title.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    reads: { words: typeof es; commands: typeof commands }
  }
}

export const reads: Contribution = {
  words: { es, en },
  commands,
  slots: { conversationHeader: [{ part: MarkUnread }], overlay: [{ part: UnreadTitle }] },
}
