export const es = {
  'command.search.open': 'Buscar en mensajes',

  'palette.hits': 'Conversaciones y clientes',
} as const
