import { type es } from './words.es.ts'

export const en = {
  'command.panel.toggle': 'Customer panel',

  'panel.facts': 'Fields',
  'panel.identities': 'Identities',
  'panel.label': 'Customer panel',
  'panel.noOthers': 'This is their first conversation.',
  'panel.noOthersHere': 'None saved on this computer.',
  'panel.noOthersInTeams': 'None with your teams.',
  'panel.others': 'Earlier conversations',
  'panel.othersHere': 'Only those saved on this computer.',
  'panel.since': 'Customer since {date}',
  'panel.thisConversation': 'This conversation',
} satisfies Record<keyof typeof es, string>
