import { type es } from './words.es.ts'

export const en = {
  'command.offer.accept': 'Accept the offer',
  'command.offer.focus': 'Offer',
  'command.offer.refuse': 'Pass the offer',

  'offer.accept': 'Accept',
  'offer.accepted': 'It is yours.',
  'offer.announced': 'Offer: {name}, {team}. You have {seconds} seconds. G and then F to go to it.',
  'offer.because': '{because}, load {load}',
  'offer.expired': 'Time is up. It is offered to somebody else.',
  'offer.label': 'Offer: {name}',
  'offer.more': 'and {count} more',
  'offer.nextComes': 'The next one comes by itself.',
  'offer.refuse': 'Pass',
  'offer.refused': 'You passed it.',
  'offer.region': 'Offers',
  'offer.seconds': '{seconds} s',
  'offer.takenBy': '{who} has had it {since}.',
  'offer.withdrawn': 'It is no longer on offer.',
} satisfies Record<keyof typeof es, string>
