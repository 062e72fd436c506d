import { type es } from './words.es.ts'

export const en = {
  'command.panel.toggle': 'Customer panel',

  'panel.facts': 'Fields',
  'panel.identities': 'Identities',
  'panel.label': 'Customer panel',
  'panel.noOthers': 'This is their first conversation.',
  'panel.others': 'Earlier conversations',
  'panel.since': 'Customer since {date}',
  'panel.thisConversation': 'This conversation',
} satisfies Record<keyof typeof es, string>
