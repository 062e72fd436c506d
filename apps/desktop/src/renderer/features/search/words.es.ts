export const es = {
  'palette.hits': 'Conversaciones y clientes',
  'palette.brokenOff': 'Puede haber más antiguas: agrega otra palabra',
  'palette.partial': 'Solo lo guardado en esta computadora',
} as const
