export const es = {
  'command.panel.toggle': 'Panel del cliente',

  'panel.facts': 'Datos',
  'panel.identities': 'Identidades',
  'panel.label': 'Panel del cliente',
  'panel.noOthers': 'Es su primera conversación.',
  'panel.others': 'Conversaciones anteriores',
  'panel.since': 'Cliente desde {date}',
  'panel.thisConversation': 'Esta conversación',
} as const
