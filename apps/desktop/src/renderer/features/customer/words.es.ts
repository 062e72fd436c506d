export const es = {
  'command.panel.toggle': 'Panel del cliente',

  'panel.facts': 'Datos',
  'panel.identities': 'Identidades',
  'panel.label': 'Panel del cliente',
  'panel.noOthers': 'Es su primera conversación.',
  'panel.noOthersHere': 'Ninguna guardada en esta computadora.',
  'panel.noOthersInTeams': 'Ninguna con tus equipos.',
  'panel.others': 'Conversaciones anteriores',
  'panel.othersHere': 'Solo las guardadas en esta computadora.',
  'panel.since': 'Cliente desde {date}',
  'panel.thisConversation': 'Esta conversación',
} as const
