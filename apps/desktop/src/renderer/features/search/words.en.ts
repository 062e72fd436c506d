import { type es } from './words.es.ts'

export const en = {
  'palette.hits': 'Conversations and customers',
} satisfies Record<keyof typeof es, string>
