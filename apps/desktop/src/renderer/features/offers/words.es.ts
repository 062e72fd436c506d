export const es = {
  'command.offer.accept': 'Aceptar la oferta',
  'command.offer.focus': 'Oferta',
  'command.offer.refuse': 'Pasar la oferta',

  'offer.accept': 'Aceptar',
  'offer.accepted': 'Es tuya.',
  'offer.announced':
    'Oferta: {name}, {team}. Tienes {seconds} segundos. G y luego F para ir a ella.',
  'offer.because': '{because}, carga {load}',
  'offer.expired': 'Se acabó el tiempo. La ofrecemos a alguien más.',
  'offer.label': 'Oferta: {name}',
  'offer.more': 'y {count} más',
  'offer.nextComes': 'La siguiente llega sola.',
  'offer.refuse': 'Pasar',
  'offer.refused': 'La pasaste.',
  'offer.region': 'Ofertas',
  'offer.seconds': '{seconds} s',
  'offer.takenBy': 'La tiene {who} {since}.',
  'offer.withdrawn': 'Ya no está en oferta.',
} as const
