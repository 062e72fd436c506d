export const es = {
  'command.help.open': 'Atajos de teclado',

  'help.change': 'Cambiar el atajo de «{command}», ahora {keys}',
  'help.changeNone': 'Dar un atajo a «{command}»',
  'help.leave': 'Dejar como estaba',
  'help.noKeys': 'Sin atajo',
  'help.none': 'Ningún atajo coincide.',
  'help.press': 'Pulsa las teclas nuevas para «{command}»',
  'help.pressNow': 'Pulsa las teclas…',
  'help.remove': 'Dejarlo sin atajo',
  'help.reserved': 'Esa tecla es de la ventana o del sistema.',
  'help.reset': 'Restablecer',
  'help.resetAll': 'Restablecer todos los atajos',
  'help.search': 'Buscar atajo',
  'help.singleKeys': 'Atajos de una sola tecla',
  'help.singleKeysWords':
    'Si los apagas, las letras y los signos solos no hacen nada: quedan los atajos con Ctrl, Alt y las teclas de función. Estos cambios valen en esta computadora.',
  'help.takeAway': 'Quitársela y usarla aquí',
  'help.switchedOff':
    'Los atajos de una sola tecla están desactivados. Actívalos o prueba con Ctrl o Alt.',
  'help.taken': 'Ya es de «{command}».',
  'help.title': 'Atajos de teclado',
  'help.writes': 'Quien escribe necesita esa tecla. Prueba con Ctrl, Alt o una tecla de función.',
} as const
