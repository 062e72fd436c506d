import { type es } from './words.es.ts'

export const en = {
  'command.help.open': 'Keyboard shortcuts',

  'help.none': 'No shortcut matches.',
  'help.search': 'Search shortcuts',
  'help.title': 'Keyboard shortcuts',
} satisfies Record<keyof typeof es, string>
