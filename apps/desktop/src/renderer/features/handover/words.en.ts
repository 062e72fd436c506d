import { type es } from './words.es.ts'

export const en = {
  'handover.assign': 'Assign {name}’s conversation',
  'handover.assignTo': 'Assign to {name}',
  'handover.nobody': 'Nobody matches.',
  'handover.note': 'Note for whoever receives it (optional)',
  'handover.online': '{count} of {total} online',
  'handover.people': 'People',
  'handover.search': 'Team or person',
  'handover.searchPeople': 'Person',
  'handover.teams': 'Teams',
  'handover.transfer': 'Transfer {name}’s conversation',
  'handover.transferTo': 'Transfer to {name}',

  'palette.transferTo': 'Transfer {name}’s to',
} satisfies Record<keyof typeof es, string>
