export const es = {
  'palette.hits': 'Conversaciones y clientes',
  'palette.partial': 'Solo lo guardado en esta computadora',
} as const
