import { type es } from './words.es.ts'

export const en = {
  'command.conversation.markUnread': 'Mark as unread',
} satisfies Record<keyof typeof es, string>
