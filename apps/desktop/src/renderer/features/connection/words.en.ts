import { type es } from './words.es.ts'

export const en = {
  'bootstrapping.title': 'Preparing this computer.',
  'bootstrapping.rows':
    '{count, plural, =0 {Loading your conversations…} one {# record saved. You can start working.} other {# records saved. You can start working.}}',

  'connecting.syncedAt': 'You see what was saved {at}.',
  'connecting.title': 'Connecting.',

  'lease.ends': 'Offline: what is saved is deleted {at}.',
  'lease.words': 'Connect before then; what you wrote and did not send is kept.',
  'notUnderstood.title': 'The server answers something that this version does not understand.',
  'notUnderstood.words': 'What is yours is still saved. Update Parley or tell IT.',

  'offline.look': 'Look',
  'offline.nothingWaits':
    "You can read, search and write. Everything is sent when you're back online.",
  'offline.retryNow': 'Try now',
  'offline.brief': 'Offline',
  'offline.since': 'Offline {since}.',
  'offline.waits':
    '{waiting, plural, =0 {Nothing waits} one {# action waits} other {# actions wait}}{refused, plural, =0 {.} other {; # to decide.}}',
  'offline.waitsShort':
    '{waiting, plural, one {# waits} other {# wait}}{refused, plural, =0 {.} other {, # to decide.}}',

  'refused.count':
    '{count, plural, one {# action needs your decision.} other {# actions need your decision.}}',

  'trouble.full': 'The disk is full.',
  'trouble.full.words': 'Nothing new is saved until you free some space.',
  'trouble.other': 'Nothing can be saved on this computer.',
  'trouble.other.words': 'It is tried again; if it goes on, tell IT.',

  'waiting.count':
    '{count, plural, one {# action has not left yet.} other {# actions have not left yet.}}',
} satisfies Record<keyof typeof es, string>
