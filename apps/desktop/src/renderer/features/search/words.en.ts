import { type es } from './words.es.ts'

export const en = {
  'palette.hits': 'Conversations and customers',
  'palette.brokenOff': 'There may be older ones: add another word',
  'palette.partial': 'Only what is saved on this computer',
} satisfies Record<keyof typeof es, string>
