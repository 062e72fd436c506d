import { type es } from './words.es.ts'

export const en = {
  'command.search.open': 'Search messages',

  'palette.hits': 'Conversations and customers',
} satisfies Record<keyof typeof es, string>
