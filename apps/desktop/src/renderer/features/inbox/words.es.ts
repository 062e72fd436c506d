export const es = {
  'command.go.closed': 'Cerradas',
  'command.go.mine': 'Mías',
  'command.go.open': 'Todas las abiertas',
  'command.go.queue': 'Cola de un equipo',
  'command.list.down': 'Siguiente',
  'command.list.dueFirst': 'Vence antes, o como en la cola',
  'command.list.nextUnread': 'Siguiente sin leer',
  'command.list.open': 'Abrir',
  'command.list.openNth': 'Conversación 1 a 8',
  'command.list.up': 'Anterior',
  'command.queue.claimNext': 'Reclamar siguiente',

  'empty.closed': 'Nada cerrado todavía',
  'empty.closed.words': 'Aquí verás las conversaciones cerradas de los últimos 30 días.',
  'empty.due.showAll': 'Ver todas',
  'empty.loading': 'Cargando tus conversaciones…',
  'empty.mine': 'Nada te espera',
  'empty.mine.noQueue': 'Tampoco hay nadie en cola. Lo que llegue aparece aquí.',
  'empty.mine.queueOf': '{count, plural, one {Hay # en cola} other {Hay # en cola}} en {team}.',
  'empty.mine.queues': '{count, plural, one {Hay # en cola} other {Hay # en cola}} en tus equipos.',
  'empty.open': 'Ninguna abierta',
  'empty.open.words': 'Cuando un cliente escriba a tus equipos, la verás aquí.',
  'empty.team': 'La cola está vacía',
  'empty.team.words': 'Nadie espera en este equipo.',

  'emptyHere.closed': 'No hay conversaciones cerradas guardadas en esta computadora',
  'emptyHere.filtered': 'Nada de lo guardado en esta computadora coincide',
  'emptyHere.mine': 'Ninguna de tus conversaciones está guardada en esta computadora',
  'emptyHere.open': 'No hay conversaciones abiertas guardadas en esta computadora',
  'emptyHere.queues': 'No hay nada guardado de tus colas en esta computadora.',
  'emptyHere.team': 'No hay nada guardado de esta cola en esta computadora',
  'emptyHere.words': 'Si hay algo, aparecerá cuando vuelva la conexión.',

  'list.changes': '{count, plural, one {# cambio} other {# cambios}}',
  'list.failed': 'No pudimos abrir la lista',
  'list.label': 'Conversaciones',
  'list.partial': 'Solo lo guardado en esta computadora',

  'listOrder.due': 'Vence antes',
  'listOrder.queue': 'Como en la cola: prioridad y plazo',

  'listOrderShort.due': 'Vence antes',
  'listOrderShort.queue': 'Cola',

  'listWay.menu': 'Mostrar y ordenar',
  'listWay.order': 'Orden',

  'mark.delivered': 'Entregado',
  'mark.draft': 'Borrador:',
  'mark.failed': 'No se envió:',
  'mark.pending': 'Por enviar',
  'mark.read': 'Leído',
  'mark.refused': 'Sin enviar:',
  'mark.sent': 'Enviado',

  'palette.teams': 'Colas de equipo',

  'preview.byColleague': '{name}: ',
  'preview.byMe': 'Tú: ',
  'preview.placeholder': '{name}: «{text}»',

  'queue.asOf': 'como a las {at}',
  'queue.claimNext': 'Reclamar siguiente',
  'queue.empty': 'No hay nadie en cola.',
  'queue.emptyDetail': 'Alguien la reclamó antes o ya se atendió.',

  'rail.teams': 'Colas de equipo',

  'row.gone': 'Ya no está en esta lista',

  'section.assigned': 'Asignadas',
  'section.awaiting_customer': 'Esperan al cliente',
  'section.awaiting_me': 'Esperan tu respuesta',
  'section.closed': 'Cerradas',
  'section.queue': 'En cola',
  'section.queueOf': 'En cola, {team}',
  'section.to_decide': 'Por decidir',

  'view.closed': 'Cerradas',
  'view.mine': 'Mías',
  'view.open': 'Abiertas',
  'view.team': 'Equipo',
} as const
