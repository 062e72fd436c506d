import { type es } from './words.es.ts'

export const en = {
  'away.asleep': 'computer asleep',
  'away.break': 'break',
  'away.idle': 'idle',
  'away.lunch': 'lunch',
  'away.meeting': 'meeting',
  'away.missed_offers': 'missed offers',
  'away.training': 'training',

  'awayItem.break': 'Break',
  'awayItem.lunch': 'Lunch',
  'awayItem.meeting': 'Meeting',
  'awayItem.training': 'Training',

  'command.presence.open': 'Presence and load',

  'endShift.cancel': 'Stay',
  'endShift.offline': 'This needs the connection: the queue is on the server.',
  'endShift.returns':
    '{count, plural, =0 {No conversation is waiting for your answer.} one {# conversation that waits for your answer goes back to the queue.} other {# conversations that wait for your answer go back to the queue.}}',
  'endShift.submit': 'End and give back',
  'endShift.title': 'End shift',
  'endShift.words': 'You get no new ones. Your drafts stay on this computer.',

  'presence.andFinishing': '{presence}, finishing shift',
  'presence.away': 'Away',
  'presence.awayBecause': 'Away for',
  'presence.busy': 'Busy',
  'presence.endOfShift': 'End of shift',
  'presence.endShift': 'End and give back the rest…',
  'presence.finishing': 'Finishing shift',
  'presence.load': 'Load',
  'presence.menu': 'Presence and load',
  'presence.missedOffers': 'You let several offers pass. Go online when you are back.',
  'presence.noNew': 'no new ones',
  'presence.offline': 'Offline',
  'presence.online': 'Online',
  'presence.setBy': 'Set by {who}.',
  'presence.takeNoMore': 'Take no more',

  'session.signOut': 'Sign out…',
} satisfies Record<keyof typeof es, string>
