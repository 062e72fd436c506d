export const es = {
  'expired.dialog': 'Entra otra vez como {email}. Lo que espera se envía al entrar.',
  'expired.signIn': 'Entrar otra vez',

  'settings.language': 'Idioma',
  'settings.theme': 'Tema',
  'settings.title': 'Ajustes',
  'settings.version': 'Versión {version}',

  'signedOut.device_revoked': 'Se retiró el acceso de este equipo.',
  'signedOut.device_revoked.detail': 'Lo guardado se borró. Entra otra vez si te corresponde.',
  'signedOut.session_ended': 'Tu sesión terminó.',
  'signedOut.session_ended.detail': 'Entra otra vez para seguir.',

  'signIn.busy': 'Entrando…',
  'signIn.email': 'Correo',
  'signIn.hidePassword': 'Ocultar contraseña',
  'signIn.lead': 'Tus conversaciones siguen donde las dejaste.',
  'signIn.onThisComputer': ', en este equipo',
  'signIn.openOffline': 'Abrir sin conexión',
  'signIn.password': 'Contraseña',
  'signIn.server': 'Servidor',
  'signIn.serverLocked': 'Lo fijó el área de sistemas. No se puede cambiar aquí.',
  'signIn.showPassword': 'Mostrar contraseña',
  'signIn.submit': 'Entrar',
  'signIn.title': 'Entra a Parley',

  'signOut.discard': 'Descartar y cerrar sesión',
  'signOut.stay': 'Quedarme',
  'signOut.submit': 'Cerrar sesión',
  'signOut.title': 'Cerrar sesión',
  'signOut.unsent':
    '{count, plural, =0 {Hay trabajo sin enviar que se perdería.} one {Esto no se ha enviado y se perdería:} other {Estas # cosas no se han enviado y se perderían:}}',
  'signOut.words': 'Lo guardado en este equipo se borra. En el servidor todo sigue igual.',

  'theme.dark': 'Oscuro',
  'theme.light': 'Claro',
  'theme.system': 'El del equipo',
} as const
