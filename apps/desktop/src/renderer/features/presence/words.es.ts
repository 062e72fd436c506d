export const es = {
  'away.asleep': 'equipo en reposo',
  'away.break': 'pausa',
  'away.idle': 'sin actividad',
  'away.lunch': 'comida',
  'away.meeting': 'junta',
  'away.missed_offers': 'ofertas perdidas',
  'away.training': 'capacitación',

  'awayItem.break': 'Pausa',
  'awayItem.lunch': 'Comida',
  'awayItem.meeting': 'Junta',
  'awayItem.training': 'Capacitación',

  'command.presence.open': 'Presencia y cupo',

  'endShift.cancel': 'Seguir',
  'endShift.offline': 'Necesita conexión: la cola está en el servidor.',
  'endShift.returns':
    '{count, plural, =0 {Ninguna conversación espera tu respuesta.} one {# conversación que espera tu respuesta vuelve a la cola.} other {# conversaciones que esperan tu respuesta vuelven a la cola.}}',
  'endShift.submit': 'Terminar y devolver',
  'endShift.title': 'Terminar turno',
  'endShift.words': 'Ya no recibes nuevas. Tus borradores se quedan en esta computadora.',

  'presence.andFinishing': '{presence}, terminando turno',
  'presence.away': 'Ausente',
  'presence.awayBecause': 'Ausente por',
  'presence.busy': 'Ocupada',
  'presence.endOfShift': 'Terminar turno',
  'presence.endShift': 'Terminar y devolver el resto…',
  'presence.finishing': 'Terminando turno',
  'presence.load': 'Cupo en uso',
  'presence.menu': 'Presencia y cupo',
  'presence.missedOffers': 'Dejaste pasar varias ofertas. Ponte en línea cuando estés.',
  'presence.noNew': 'sin nuevas',
  'presence.offline': 'Sin conexión',
  'presence.online': 'En línea',
  'presence.setBy': 'Lo puso {who}.',
  'presence.takeNoMore': 'No recibir más',

  'session.signOut': 'Cerrar sesión…',
} as const
