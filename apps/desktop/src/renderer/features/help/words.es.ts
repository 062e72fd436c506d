export const es = {
  'command.help.open': 'Atajos de teclado',

  'help.none': 'Ningún atajo coincide.',
  'help.search': 'Buscar atajo',
  'help.title': 'Atajos de teclado',
} as const
