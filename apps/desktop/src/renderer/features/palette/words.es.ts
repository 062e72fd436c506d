export const es = {
  'command.palette.open': 'Paleta',
  'command.search.open': 'Buscar en mensajes',

  'find.offline': 'Buscar en lo guardado…',
  'find.online': 'Buscar o ir a…',

  'palette.allShortcuts': 'todos los atajos',
  'palette.conversation': 'En esta conversación',
  'palette.go': 'Ir a',
  'palette.nothing': 'Sin coincidencias',
  'palette.nothingOffline': 'Sin conexión se busca en lo guardado en esta computadora.',
  'palette.nothingWords': 'Busca por nombre, teléfono o palabras de un mensaje.',
  'palette.search': 'Buscar en mensajes',
  'palette.searchHint': 'Escribe al menos dos letras. Los acentos no importan.',
  'palette.searchPlaceholder': 'Nombre, teléfono o palabras de un mensaje',
  'palette.title': 'Paleta de comandos',
} as const
