export const es = {
  'bootstrapping.title': 'Preparando este equipo.',
  'bootstrapping.rows':
    '{count, plural, one {# registro guardado} other {# registros guardados}}. Puedes empezar a trabajar.',

  'connecting.syncedAt': 'Ves lo guardado a las {at}.',
  'connecting.title': 'Conectando.',

  'expired.title': 'Tu sesión terminó.',
  'expired.words': 'Puedes leer y escribir; se envía cuando entres.',

  'offline.look': 'Ver',
  'offline.nothingWaits': 'Puedes leer, buscar y escribir; sale al volver.',
  'offline.retryNow': 'Intentar ahora',
  'offline.since': 'Sin conexión desde las {at}.',
  'offline.waits':
    '{waiting, plural, =0 {Nada espera} one {# acción espera} other {# acciones esperan}}{refused, plural, =0 {.} other {; # por decidir.}}',
  'offline.waitsShort':
    '{waiting, plural, one {# espera} other {# esperan}}{refused, plural, =0 {.} other {, # por decidir.}}',

  'refused.count':
    '{count, plural, one {# acción espera tu decisión.} other {# acciones esperan tu decisión.}}',

  'waiting.count': '{count, plural, one {# acción aún no sale.} other {# acciones aún no salen.}}',
} as const
