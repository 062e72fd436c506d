export const es = {
  'canned.count': '{shown} de {total}',
  'canned.everybody': 'General',
  'canned.insert': 'Respuesta guardada',
  'canned.noMatch': 'Ninguna respuesta guardada coincide.',
  'canned.none': 'Tu equipo aún no tiene respuestas guardadas.',
  'canned.title': 'Respuestas guardadas',

  'command.composer.canned': 'Respuesta guardada',
  'command.composer.focus': 'Responder',
  'command.composer.leave': 'Salir del texto',
  'command.composer.line': 'Línea nueva',
  'command.composer.send': 'Enviar',
  'command.composer.sendAndClose': 'Enviar y cerrar',

  'composer.field': 'Respuesta a {name}',
  'composer.label': 'Responder',
  'composer.length': '{length} de {limit} caracteres',
  'composer.placeholder': 'Escribe a {name}…',
  'composer.placeholderClosed': 'Puedes preparar tu respuesta; se guarda como borrador',
  'composer.send': 'Enviar',
  'composer.sendLater': 'Enviar al volver',
  'composer.tooLong':
    '{over, plural, one {Sobra # carácter} other {Sobran # caracteres}}: caben {limit} en un mensaje.',
  'composer.to': 'Respondes a {name}',

  'draft.cut': 'Ya no cabe más en el borrador.',
  'draft.cutDetail':
    'Se quedó con los primeros {limit, number} caracteres; lo demás sigue donde lo copiaste.',
  'draft.notSaved': 'El borrador no se guardó.',
  'draft.saved': 'Borrador guardado',
  'draft.savedHere': 'Guardado aquí',

  'gap.open': 'Falta completar {gap}.',
  'gap.openDetail': 'No se envió. Escribe lo que va ahí, o bórralo. Tab lleva al siguiente.',

  'instead.closed': 'Cerrada. Reábrela para responder.',
  'instead.closedBy': '{name} la cerró {at}. Reábrela para responder.',
  'instead.colleague': '{name} la lleva.',
  'instead.gone': 'Lo que escribiste no se envió. Sigue aquí: cópialo antes de irte.',
  'instead.nobody': 'Nadie la lleva. Reclámala para responder.',
  'instead.notYours': 'Puedes leerla. Responde quien la lleva.',

  'kept.copy': 'Copiar texto',
  'kept.discard': 'Descartar texto',

  'outbox.reply': 'Respuesta a {name}',

  'refused.reply': 'Tu respuesta no se envió.',

  'slash.sendAnyway': 'Enviar así',
  'slash.unsent': '¿Enviar «{slash}» al cliente?',
  'slash.unsentDetail': 'Parece una respuesta guardada. No se envió.',

  'window.closedAt': 'La ventana de 24 h se cerró {at}.',
  'window.closedWords':
    'Se abre otra vez cuando {name} escriba. Tu borrador se guarda para entonces.',
  'window.closing': 'La ventana cierra pronto: quedan',
  'window.endsAt': 'Cierra: {at}',
  'window.none': 'La ventana de 24 h aún no abre.',
  'window.open': 'Ventana de 24 h: quedan',
  'window.unlimited': 'App: sin límite de tiempo',
} as const
