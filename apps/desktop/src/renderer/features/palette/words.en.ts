import { type es } from './words.es.ts'

export const en = {
  'command.palette.open': 'Palette',
  'command.search.open': 'Search messages',

  'find.offline': 'Search what is saved…',
  'find.online': 'Search or go to…',

  'palette.allShortcuts': 'all shortcuts',
  'palette.conversation': 'In this conversation',
  'palette.go': 'Go to',
  'palette.nothing': 'No matches',
  'palette.nothingOffline': 'Offline, the search covers what is saved on this computer.',
  'palette.nothingWords': 'Search by name, phone or words of a message.',
  'palette.search': 'Search messages',
  'palette.searchHint': 'Type at least two letters. Accents do not matter.',
  'palette.searchPlaceholder': 'Name, phone or words of a message',
  'palette.title': 'Command palette',
} satisfies Record<keyof typeof es, string>
