import { type es } from './words.es.ts'

export const en = {
  'palette.hits': 'Conversations and customers',
  'palette.partial': 'Only what is saved on this computer',
} satisfies Record<keyof typeof es, string>
