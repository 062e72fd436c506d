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

  'notOpened.again': 'Intentar ahora',
  'notOpened.disk_full': 'El disco de esta computadora está lleno',
  'notOpened.disk_full.detail': 'Lo tuyo sigue guardado. Libera espacio y se abre solo.',
  'notOpened.busy': 'Otro programa está usando lo guardado',
  'notOpened.busy.detail':
    'Puede ser un antivirus o una copia de seguridad. Nada se perdió; se abre en cuanto termine.',
  'notOpened.io': 'El disco no responde bien',
  'notOpened.io.detail': 'No se tocó nada de lo guardado. Si sigue así, avisa a sistemas.',
  'notOpened.cannot_open': 'No se puede abrir lo guardado en esta computadora',
  'notOpened.cannot_open.detail':
    'Faltan permisos o la carpeta no está disponible. No se tocó nada; avisa a sistemas.',
  'notOpened.key_store': 'El llavero del sistema no entrega la clave',
  'notOpened.key_store.detail':
    'Desbloquéalo o inicia sesión otra vez en la computadora. Lo tuyo sigue guardado.',
  'notOpened.other_key': 'La clave no corresponde a lo guardado',
  'notOpened.other_key.detail':
    'No se tocó nada. Avisa a sistemas, o empieza de nuevo sin borrar lo anterior.',
  'notOpened.update_failed': 'No se pudo preparar lo guardado para esta versión',
  'notOpened.update_failed.detail':
    'No se perdió nada. Avisa a sistemas, o empieza de nuevo sin borrar lo anterior.',
  'notOpened.newer': 'Lo guardado es de una versión más nueva de Parley',
  'notOpened.newer.detail':
    'Se conserva intacto hasta que se instale esa versión. Mientras, puedes empezar de nuevo.',
  'notOpened.lease': 'Este equipo lleva mucho sin conexión con el servidor',
  'notOpened.lease.detail':
    'Conéctate para seguir. Si no se logra, lo guardado se borra; lo que escribiste y no salió se conserva.',
  'notOpened.engine': 'Parley falla al abrir',
  'notOpened.engine.detail': 'Lo tuyo sigue guardado. Si no se arregla solo, avisa a sistemas.',
  'notOpened.fresh': 'Empezar de nuevo, sin borrar lo anterior',
  'notOpened.retryAt': 'Se intenta otra vez {at}.',
  'notOpened.unsent': 'Esto está escrito ahí y no ha salido:',

  'unsent.copy': 'Copiar todo',
  'unsent.draft': 'Borrador para {name}',
  'unsent.unknownCustomer': 'un cliente',
  'unsent.intent': 'Sin enviar, para {name}',

  'rail.label': 'Vistas',
  'rail.screens': 'Equipo',
  'rail.atLeast': 'al menos',
  'rail.warning': 'hay por vencer',
  'rail.overdue': 'hay vencidas',

  'window.close': 'Cerrar ventana',
  'window.controls': 'Ventana',
  'window.maximize': 'Maximizar',
  'window.minimize': 'Minimizar',
  'window.restore': 'Restaurar',
} as const
