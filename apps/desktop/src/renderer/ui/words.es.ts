export const es = {
  quoted: '«{text}»',

  'action.retry': 'Reintentar',

  'assignee.nobody': 'Sin asignar',

  'channel.chat_app': 'App',
  'channel.whatsapp': 'WhatsApp',

  'clock.breached': 'Vencida:',
  'clock.dueTitle': '{name}. Vence: {at}',
  'clock.met': 'Cumplida:',
  'clock.missed': 'Fuera de tiempo:',
  'clock.on_time': 'A tiempo:',
  'clock.paused': 'En pausa',
  'clock.some': 'Un plazo',
  'clock.standsTitle': '{name}, meta de {target}',
  'clock.stoppedTitle': '{name}: lo que tardó. Meta: {target}',
  'clock.waiting': 'Espera',
  'clock.waitingSince': 'Espera desde: {at}',
  'clock.warning': 'Por vencer:',

  'clockName.escalation': 'Escalación',
  'clockName.first_response': '1.ª respuesta',
  'clockName.next_response': 'Siguiente respuesta',
  'clockName.resolution': 'Resolución',

  'content.audio': 'Nota de voz',
  'content.button': 'Respuesta de botón',
  'content.contacts': 'Contacto',
  'content.document': 'Documento',
  'content.image': 'Foto',
  'content.interactive': 'Respuesta de lista o botón',
  'content.location': 'Ubicación',
  'content.order': 'Pedido',
  'content.orderItems': '{count, plural, one {# artículo} other {# artículos}}',
  'content.reaction': 'Reacción',
  'content.sticker': 'Sticker',
  'content.system': 'Aviso del canal',
  'content.template': 'Plantilla',
  'content.unknown': 'Mensaje de un tipo nuevo',
  'content.unsupported': 'Mensaje que WhatsApp no entrega',
  'content.video': 'Video',

  'dialog.close': 'Cerrar',

  'failed.copyCode': 'Copiar código',
  'failed.local': 'Lo guardado en este equipo no se perdió.',

  'form.busy': 'Esperando al servidor…',
  'form.discard': 'Descartar cambios',
  'form.leadsChangeIt': 'Los cambia quien lidera el equipo.',
  'form.loadTheirs': 'Cargar los guardados',
  'form.offline': 'Sin conexión. Tus cambios se quedan aquí hasta que vuelva.',
  'form.problems': 'Revisa lo marcado. Nada se guardó.',
  'form.save': 'Guardar',
  'form.saveAnyway': 'Guardar los míos',
  'form.saved': 'Guardado a las {at}. Ya vale.',
  'form.unsaved': 'Cambios sin guardar.',

  'keys.choose': 'elegir',
  'keys.close': 'cerrar',
  'keys.insert': 'insertar',
  'keys.open': 'abrir',

  'notice.dismiss': 'Quitar aviso',

  'panel.parts': 'Partes',

  'priority.glyph.high': 'Prioridad alta',
  'priority.glyph.urgent': 'Prioridad urgente',
  'priority.high': 'Alta',
  'priority.low': 'Baja',
  'priority.normal': 'Normal',
  'priority.urgent': 'Urgente',

  'row.unread': '{count} sin leer',

  'skill.billing': 'facturación',
  'skill.english': 'inglés',
  'skill.french': 'francés',
  'skill.german': 'alemán',
  'skill.italian': 'italiano',
  'skill.portuguese': 'portugués',
  'skill.spanish': 'español',
  'skill.technical_support': 'soporte técnico',

  'status.assigned': 'Abierta',
  'status.closed': 'Cerrada',
  'status.new': 'Llegando',
  'status.pending_agent': 'Espera respuesta',
  'status.pending_customer': 'Espera al cliente',
  'status.queued': 'En cola',
  'status.triage': 'Llegando',

  'watch.noTeams': 'No tienes equipos aquí',
  'watch.teams': 'Equipo',
} as const
