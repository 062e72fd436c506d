export const es = {
  'command.go.waiting': 'Lo que espera',

  'outbox.decide': 'Decidir',
  'outbox.discard': 'Descartar',
  'outbox.empty': 'Nada espera. Todo lo tuyo está enviado.',
  'outbox.held': 'Espera a que decidas sobre lo anterior',
  'outbox.order': 'sale en este orden al volver',
  'outbox.retryNow': 'Intentar ahora',
  'outbox.sending': 'Enviando',
  'outbox.syncedAt': 'Al día a las {at}.',
  'outbox.title': 'Lo que espera',
  'outbox.waiting': 'Espera conexión',

  'refused.carriedOver': 'Se conservó de lo que no se pudo abrir.',
  'refused.carriedOver.detail': 'No sale solo: mira si todavía hace falta y decide.',
  'refused.outdated': '{who} respondió {at}, después de lo último que viste. Nada se perdió.',
  'refused.wordsKept': 'Tu texto está guardado aquí.',
} as const
