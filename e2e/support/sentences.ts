/** What agents write all day, two hundred of them: every letter that is a shortcut begins some of them, or follows. */
const SPANISH = {
  begins: [
    'Perfecto, gracias',
    'Sí, con gusto le ayudo',
    'Todo listo, ya quedó',
    'Claro que sí',
    'Listo, ya lo revisé',
    'Permítame un momento',
    'El envío salió ayer',
    'Juan le llama',
    'Gracias por esperar',
    'Ahora mismo lo reviso',
  ],
  ends: [
    '',
    '. ¿Me da su folio?',
    ', quedo al pendiente',
    '; el área de pagos la atiende',
    '. Corríjame si no',
    ' (es lo usual)',
    ', ¿de acuerdo?',
    ': ya está cargado',
    '. Joya, nos vemos',
    '. Texto/ejemplo',
  ],
}
const ENGLISH = {
  begins: [
    'Every order ships today',
    'Close to you there is a store',
    'Let me check that',
    'Please hold on',
    'Really sorry about this',
    'Unfortunately it is late',
    'Just a second',
    'Keep the receipt',
    'Great, got it',
    'Very well',
  ],
  ends: [
    '',
    ', thanks',
    '; it says so',
    '. Exactly as planned',
    ' (see below)',
    '. Do you agree?',
    ': done',
    '. Take care',
    '. See you',
    ', right?',
  ],
}

export const SENTENCES: readonly string[] = [SPANISH, ENGLISH].flatMap(({ begins, ends }) =>
  begins.flatMap((begin) => ends.map((end) => begin + end)),
)
