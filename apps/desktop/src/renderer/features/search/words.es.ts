export const es = {
  'palette.hits': 'Conversaciones y clientes',
} as const
