export const es = {
  'command.go.problems': 'Ir a los problemas de la instalación',
  'command.problem.acknowledge': 'Acusar recibo del problema de la instalación',

  'problem.api_key_ending.means':
    '{days, plural, =0 {Lo que la usaba ya no puede entrar: si era el directorio de la empresa, nadie se entera aquí de quién se va.} one {Le queda menos de un día. Después, lo que la usa no podrá entrar.} other {Le quedan # días. Después, lo que la usa no podrá entrar.}}',
  'problem.api_key_ending.title':
    '{days, plural, =0 {Terminó la clave de API «{name}».} other {La clave de API «{name}» termina pronto.}}',
  'problem.api_key_ending.todo':
    '{days, plural, =0 {Crea otra en <b>Claves de API</b> y ponla donde se usaba.} other {Renuévala en <b>Claves de API</b> y pon la nueva donde se usa: las dos sirven mientras tanto.}}',
  'problem.audit_log.means':
    '{problem, select, missing {Falta la entrada {seq}.} cut {Al registro le falta una parte.} other_key {La entrada {seq} se selló con otra clave: la que había antes no está en PARLEY_SECRET_KEY.} old_key {El final, la entrada {seq}, no está sellado con la clave actual.} other {La entrada {seq} se alteró después de escribirse.}} Lo que sigue ya no prueba nada.',
  'problem.audit_log.title': 'El registro de auditoría no está como se escribió.',
  'problem.audit_log.todo':
    'Ejecuta <b>npm run verify-audit</b> en el servidor, averigua quién pudo escribir en la base de datos y compara con un respaldo.',
  'problem.break_glass_used.means':
    '{person} entró con contraseña y segundo factor donde todas las demás personas entran por el directorio de la empresa.',
  'problem.break_glass_used.title': 'Se usó la cuenta de emergencia.',
  'problem.break_glass_used.todo':
    'Si no lo sabías, cierra sus sesiones en <b>Personas y equipos</b> y cambia su contraseña. La auditoría dice desde dónde entró. Este aviso termina solo al cabo de un día.',
  'problem.channel_stopped.means':
    '{reason, select, not_configured {El servidor no tiene la configuración de este canal.} other {El canal rechaza todo lo que se envía ({reason}).}} Las respuestas esperan en su orden y salen cuando vuelva a funcionar.',
  'problem.channel_stopped.title': '{account} no acepta mensajes.',
  'problem.channel_stopped.todo':
    '{channel, select, whatsapp {Si el token de acceso terminó, genera otro en Meta, ponlo en <b>WHATSAPP_ACCESS_TOKEN</b> y reinicia el servidor; si no, revisa la cuenta en el administrador de WhatsApp: pagos, restricciones, registro del número.} other {Revisa <b>CHAT_APP_URL</b> y <b>CHAT_APP_SECRET</b>, y reinicia el servidor.}} Termina solo con el primer mensaje que salga.',
  'problem.intake_behind.means':
    '{webhooks, plural, one {Espera # entrega de los canales} other {Esperan # entregas de los canales}}; la más antigua, desde hace {seconds} s. No se pierde nada, pero los mensajes de los clientes aparecen tarde.',
  'problem.intake_behind.title': 'Lo que llega se procesa con retraso.',
  'problem.intake_behind.todo':
    'Revisa la carga de PostgreSQL y de los procesos del servidor, y sus registros. Termina solo cuando se ponga al corriente.',
  'problem.other.means': 'El servidor es más nuevo que esta estación de trabajo.',
  'problem.other.title': 'Hay un problema que esta versión no conoce.',
  'problem.other.todo': 'Actualiza esta estación de trabajo para ver cuál es.',
  'problem.quarantine.means':
    '{updates, plural, one {Espera # entrada de un canal que no se pudo procesar} other {Esperan # entradas de los canales que no se pudieron procesar}}: un mensaje, un recibo o un cambio que aquí todavía no se ve. Las demás siguieron su curso.',
  'problem.quarantine.title': 'Hay entradas sin procesar.',
  'problem.quarantine.todo':
    'En el servidor, <b>npm run quarantine -- list</b> dice por qué espera cada una. Con la causa resuelta (Parley actualizado, el canal configurado), <b>npm run quarantine -- retry</b> las procesa.',
  'problem.sign_in_failures.means':
    'En un cuarto de hora fallaron {failures, plural, one {# intento} other {# intentos}} de entrar{people, plural, =0 {} one {, contra # cuenta} other {, contra # cuentas}}. Alguien adivina contraseñas, o dejó de servir aquello con lo que la gente entra.',
  'problem.sign_in_failures.title': 'Muchos intentos de entrar fallan.',
  'problem.sign_in_failures.todo':
    'La auditoría dice desde dónde y contra quién. Cada cuenta y cada dirección ya tienen un freno; exigir un segundo factor las protege aunque adivinen. Termina solo cuando ceda.',

  'problems.acknowledge': 'Acusar recibo',
  'problems.acknowledgedBy': 'Acuse de recibo: {name}, {at}.',
  'problems.button':
    '{count, plural, one {# problema de la instalación} other {# problemas de la instalación}}',
  'problems.failed': 'No se pudieron leer los problemas.',
  'problems.none': 'Todo funciona',
  'problems.noneWords': 'Aquí aparece lo que falle en la instalación, hasta que se resuelva.',
  'problems.see': '{count, plural, one {Qué hacer} other {Ver los #}}',
  'problems.somebody': 'otra persona',
  'problems.times': 'Desde: {since}. Última comprobación: {seen}.',
  'problems.title': 'Problemas',
} as const
