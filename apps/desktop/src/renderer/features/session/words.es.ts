export const es = {
  'account.begin': 'Activar el segundo factor',
  'account.change': 'Cambiar la contraseña',
  'account.changed': 'Listo. Tus otras sesiones se cerraron.',
  'account.confirm': 'Confirmar',
  'account.current': 'Contraseña actual',
  'account.failed': 'No se pudo leer tu cuenta.',
  'account.isOff':
    'Además de la contraseña, un código de una aplicación de autenticación en tu teléfono.',
  'account.isOn':
    'Activo. {count, plural, one {Te queda # código de recuperación.} other {Te quedan # códigos de recuperación.}}',
  'account.next': 'Contraseña nueva',
  'account.open': 'Tu cuenta…',
  'account.password': 'Contraseña',
  'account.remove': 'Quitarlo',
  'account.renew': 'Códigos de recuperación nuevos',
  'account.secondFactor': 'Segundo factor',
  'account.title': 'Tu cuenta',
  'join.asks': 'Se le preguntará a {server}. Sigue solo si es el de tu empresa.',
  'join.asksFixed': 'El enlace es de {other}, y esta computadora usa {server}: se preguntará ahí.',
  'join.back': 'Entrar con contraseña',
  'join.invitation': 'Hola, {name}',
  'join.lead': 'Pega el enlace que te dio quien administra Parley en tu empresa.',
  'join.link': 'Enlace',
  'join.look': 'Seguir',
  'join.noLink': 'Eso no es un enlace de invitación: empieza con https:// y lleva /join#.',
  'join.offer': 'Tengo una invitación o un enlace para otra contraseña',
  'join.password': 'Elige una contraseña',
  'join.passwordWords':
    '{count, plural, one {# carácter o más.} other {# caracteres o más.}} Varias palabras sin relación son fáciles de recordar y difíciles de adivinar.',
  'join.reset': 'Elige otra contraseña, {name}',
  'join.signedIn': 'Ya entraste como {email}',
  'join.signedInWords': 'Para usar la invitación, cierra tu sesión y abre el enlace otra vez.',
  'join.submit': 'Guardar y entrar',
  'join.title': 'Entra con un enlace',
  'recovery.copied': 'Copiados',
  'recovery.copy': 'Copiar',
  'recovery.kept': 'Ya los guardé',
  'recovery.lead': 'Solo se muestran ahora.',
  'recovery.see': 'Ver los códigos',
  'recovery.title': 'Guarda tus códigos de recuperación.',
  'recovery.words':
    'Cada uno sirve una vez, si pierdes tu teléfono. Guárdalos fuera de esta computadora: no se vuelven a mostrar.',
  'secondFactor.code': 'Código',
  'secondFactor.codeWords': 'El de tu aplicación de autenticación, o uno de recuperación.',
  'secondFactor.needed': 'Tu rol pide un segundo factor.',
  'secondFactor.scan': 'Código QR para la aplicación de autenticación',
  'secondFactor.setUp':
    'Escanea esto con una aplicación de autenticación y escribe el código que muestre.',
  'secondFactor.type': '¿No puedes escanearlo? Escribe esta clave en la aplicación:',

  'carriedOver.beside': 'Empezaste de nuevo; lo anterior se conserva.',
  'carriedOver.beside.detail':
    'Lo guardado antes sigue intacto y vuelve cuando se pueda abrir. Lo que no salió te lo preguntará entonces, para no enviarlo dos veces.',
  'carriedOver.damaged': 'Lo guardado en esta computadora estaba dañado y se rehízo.',
  'carriedOver.damaged.detail':
    'Las conversaciones vuelven del servidor. El archivo dañado se apartó, no se borró.',
  'carriedOver.key_lost': 'Se perdió la clave de lo guardado en esta computadora.',
  'carriedOver.key_lost.detail':
    'Las conversaciones vuelven del servidor. Lo anterior se apartó, pero sin la clave no se puede leer.',
  'carriedOver.lease': 'Lo guardado se borró: esta computadora llevaba demasiado sin conexión.',
  'carriedOver.lease.detail':
    'Se conservó solo lo que escribiste y no salió. Entra otra vez para seguir.',
  'carriedOver.others': 'Alguien más entró en esta computadora mientras no estabas.',
  'carriedOver.others.detail':
    'Lo guardado se borró y vuelve del servidor. Lo que escribiste y no salió se conservó.',
  'carriedOver.server_not_allowed': 'Lo guardado se borró: el servidor no estaba permitido.',
  'carriedOver.server_not_allowed.detail':
    'Se conservó solo lo que escribiste y no salió. Lo demás vuelve del servidor.',
  'carriedOver.withdrawn': 'Lo guardado se borró: se había retirado el acceso.',
  'carriedOver.withdrawn.detail':
    'Se conservó solo lo que escribiste y no salió. Lo demás vuelve del servidor.',
  'carriedOver.lost':
    '{count, plural, one {Una cosa sin enviar no se pudo leer.} other {# cosas sin enviar no se pudieron leer.}} Decide sobre el resto antes de que salga.',
  'carriedOver.lostUnknown':
    'Puede faltar algo que no habías enviado: no todo se pudo leer. Decide sobre lo que espera antes de que salga.',
  'carriedOver.see': 'Ver qué se conservó',
  'carriedOver.seen': 'Entendido',
  'carriedOver.unsent':
    '{count, plural, one {Esto se conservó:} other {Estas # cosas se conservaron:}}',

  'locked.continue': 'Seguir',
  'locked.discard': 'Descartar',
  'locked.discardSure': 'Descartarlo para siempre',
  'locked.expired': 'Tu sesión terminó',
  'locked.expired.detail': 'Lo guardado sigue aquí, cerrado. Entra otra vez para verlo.',
  'locked.lease': 'Esta computadora llevaba demasiado sin conexión',
  'locked.lease.detail':
    'Lo guardado se borró. Queda solo lo que escribiste y no salió; vuelve a su lugar cuando entres.',
  'locked.others': 'Alguien más entró en esta computadora',
  'locked.others.detail':
    'Lo guardado se borró. Queda solo lo que escribiste y no salió; vuelve a su lugar cuando entres.',
  'locked.server_not_allowed': 'Esta computadora ya no puede usar {server}',
  'locked.server_not_allowed.detail':
    'Sistemas fijó otro servidor, o esa dirección no va cifrada. Lo guardado se borró; copia lo que escribiste y no salió antes de seguir.',
  'locked.signIn': 'Entrar otra vez',
  'locked.somebodyElse': 'Entrar con otra cuenta',
  'locked.unsent':
    '{count, plural, one {Hay una cosa sin enviar; te espera.} other {Hay # cosas sin enviar; te esperan.}}',
  'locked.withdrawn': 'Se retiró el acceso de esta computadora',
  'locked.withdrawn.detail':
    'Lo guardado se borró. Queda solo lo que escribiste y no salió: cópialo o descártalo.',

  'sessionEnd.later': 'Después',
  'sessionEnd.now': 'Entrar otra vez ahora',
  'sessionEnd.title': 'Tu sesión termina {at}.',
  'sessionEnd.words': 'Si entras otra vez ahora, lo que no se ha enviado se queda.',
  'settings.checksSpelling': 'Revisar lo que escribo',
  'settings.language': 'Idioma',
  'settings.spelling': 'Ortografía',
  'settings.theme': 'Tema',
  'settings.title': 'Ajustes',
  'settings.version': 'Versión {version}',

  'signOn.stopWaiting': 'Dejar de esperar',
  'signOn.waiting': 'Sigue en tu navegador.',
  'signOn.waitingWords': 'Ahí se abrió la entrada de {name}. Al terminar vuelves aquí.',
  'signOn.with': 'Entrar con {name}',
  'signedOut.device_revoked': 'Se retiró el acceso de esta computadora.',
  'signedOut.device_revoked.detail': 'Lo guardado se borró. Entra otra vez si te corresponde.',
  'signedOut.server_not_allowed': 'Esta computadora ya no puede usar el servidor de antes.',
  'signedOut.server_not_allowed.detail':
    'Sistemas fijó otro, o la dirección no iba cifrada. Lo guardado se borró.',
  'signedOut.session_ended': 'Tu sesión terminó.',
  'signedOut.session_ended.detail': 'Entra otra vez para seguir.',

  'signIn.busy': 'Entrando…',
  'signIn.email': 'Correo',
  'signIn.hidePassword': 'Ocultar contraseña',
  'signIn.lead': 'Tus conversaciones siguen donde las dejaste.',
  'signIn.onThisComputer': ', en esta computadora',
  'signIn.openOffline': 'Abrir sin conexión',
  'signIn.password': 'Contraseña',
  'signIn.server': 'Servidor',
  'signIn.serverLocked': 'Lo fijó el área de sistemas. No se puede cambiar aquí.',
  'signIn.showPassword': 'Mostrar contraseña',
  'signIn.submit': 'Entrar',
  'signIn.title': 'Entra en Parley',
  'signIn.unreachable': 'No hay respuesta de {server}.',
  'signIn.unreachable.detail': 'Revisa la dirección y tu conexión.',

  'signOut.discard': 'Descartar y cerrar sesión',
  'signOut.stay': 'Quedarme',
  'signOut.submit': 'Cerrar sesión',
  'signOut.title': 'Cerrar sesión',
  'signOut.unsent':
    '{count, plural, =0 {Hay trabajo sin enviar que se perdería.} one {Esto no se ha enviado y se perdería:} other {Estas # cosas no se han enviado y se perderían:}}',
  'signOut.words': 'Lo guardado en esta computadora se borra. En el servidor todo sigue igual.',

  'spelling.de': 'Alemán',
  'spelling.en-GB': 'Inglés (Reino Unido)',
  'spelling.en-US': 'Inglés (Estados Unidos)',
  'spelling.es-MX': 'Español',
  'spelling.fr': 'Francés',
  'spelling.it': 'Italiano',
  'spelling.pt-BR': 'Portugués (Brasil)',

  'theme.dark': 'Oscuro',
  'theme.light': 'Claro',
  'theme.system': 'El de la computadora',
} as const
