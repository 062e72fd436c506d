export const es = {
  starting: 'Abriendo tus conversaciones…',

  'command.form.save': 'Guardar cambios',
  'command.history.back': 'Volver',
  'command.pane.next': 'Panel siguiente',
  'command.pane.previous': 'Panel anterior',
  'command.theme.toggle': 'Tema claro u oscuro',

  'failed.drawing': 'Esta pantalla falló',
  'failed.drawingSafe': 'Tus borradores y lo que espera están guardados.',
  'failed.start': 'Parley no pudo abrir lo guardado',

  'help.section.conversation': 'Conversación',
  'help.section.general': 'General',
  'help.section.go': 'Ir a',
  'help.section.move': 'Moverse',
  'help.section.write': 'Escribir',

  'rail.label': 'Vistas',
  'rail.screens': 'Equipo',
  'rail.warning': 'hay por vencer',
  'rail.overdue': 'hay vencidas',

  'window.close': 'Cerrar ventana',
  'window.controls': 'Ventana',
  'window.maximize': 'Maximizar',
  'window.minimize': 'Minimizar',
  'window.restore': 'Restaurar',
} as const
