export const es = {
  'bootstrapping.title': 'Preparando esta computadora.',
  'bootstrapping.rows':
    '{count, plural, =0 {Cargando tus conversaciones…} one {# registro guardado. Puedes empezar a trabajar.} other {# registros guardados. Puedes empezar a trabajar.}}',

  'connecting.syncedAt': 'Ves lo guardado {at}.',
  'connecting.title': 'Conectando.',

  'lease.ends': 'Sin conexión: lo guardado se borra {at}.',
  'lease.words': 'Conéctate antes; lo que escribiste y no salió se conserva.',
  'notUnderstood.title': 'El servidor responde algo que esta versión no entiende.',
  'notUnderstood.words': 'Lo tuyo sigue guardado. Actualiza Parley o avisa a sistemas.',

  'offline.look': 'Ver',
  'offline.nothingWaits': 'Lo que hagas se enviará cuando vuelva la conexión.',
  'offline.retryNow': 'Intentar ahora',
  'offline.brief': 'Sin conexión',
  'offline.since': 'Sin conexión {since}.',
  'offline.waits':
    '{waiting, plural, =0 {Nada espera} one {# acción espera} other {# acciones esperan}}{refused, plural, =0 {.} other {; # por decidir.}}',
  'offline.waitsShort':
    '{waiting, plural, one {# espera} other {# esperan}}{refused, plural, =0 {.} other {, # por decidir.}}',

  'refused.count':
    '{count, plural, one {# acción espera tu decisión.} other {# acciones esperan tu decisión.}}',

  'trouble.full': 'El disco está lleno.',
  'trouble.full.words': 'Nada nuevo se guarda hasta que liberes espacio.',
  'trouble.other': 'No se puede guardar en esta computadora.',
  'trouble.other.words': 'Se intenta otra vez; si sigue así, avisa a sistemas.',

  'waiting.count': '{count, plural, one {# acción aún no sale.} other {# acciones aún no salen.}}',
} as const
