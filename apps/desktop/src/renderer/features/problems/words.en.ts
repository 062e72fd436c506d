import { type es } from './words.es.ts'

export const en = {
  'command.go.problems': 'Go to the installation’s problems',
  'command.problem.acknowledge': 'Acknowledge the installation’s problem',

  'problem.api_key_ending.means':
    '{days, plural, =0 {What used it is refused: if that was the company’s directory, nobody here learns who leaves.} one {It has less than a day left. What uses it will then be refused.} other {It has # days left. What uses it will then be refused.}}',
  'problem.api_key_ending.title':
    '{days, plural, =0 {The API key “{name}” has ended.} other {The API key “{name}” ends soon.}}',
  'problem.api_key_ending.todo':
    '{days, plural, =0 {Create another one under <b>API keys</b> and put it where this one was used.} other {Renew it under <b>API keys</b> and put the new one where it’s used: both work meanwhile.}}',
  'problem.audit_log.means':
    '{problem, select, missing {Entry {seq} is missing.} cut {A part of the log is missing.} other_key {Entry {seq} was sealed with another key: the one from before is not in PARLEY_SECRET_KEY.} old_key {Its end, entry {seq}, is not sealed with the present key.} other {Entry {seq} was altered after it was written.}} What follows proves nothing any more.',
  'problem.audit_log.title': 'The audit log is not as it was written.',
  'problem.audit_log.todo':
    'Run <b>npm run verify-audit</b> on the server, find out who could write to the database, and compare with a backup.',
  'problem.break_glass_used.means':
    '{person} signed in with a password and a second factor where everybody else signs in by the company’s directory.',
  'problem.break_glass_used.title': 'The emergency account was used.',
  'problem.break_glass_used.todo':
    'If you didn’t know of it, end its sessions under <b>People and teams</b> and change its password. The audit log says where it signed in from. This ends by itself after a day.',
  'problem.channel_stopped.means':
    '{reason, select, not_configured {The server has no settings for this channel.} other {The channel refuses everything that is sent ({reason}).}} Replies wait in order and go out when it works again.',
  'problem.channel_stopped.title': '{account} takes no messages.',
  'problem.channel_stopped.todo':
    '{channel, select, whatsapp {If the access token has ended, generate a new one at Meta, put it in <b>WHATSAPP_ACCESS_TOKEN</b> and restart the server; otherwise check the account in WhatsApp Manager: payments, restrictions, the number’s registration.} other {Check <b>CHAT_APP_URL</b> and <b>CHAT_APP_SECRET</b>, and restart the server.}} It ends by itself with the first message that goes out.',
  'problem.intake_behind.means':
    '{webhooks, plural, one {# delivery from the channels is waiting} other {# deliveries from the channels are waiting}}; the oldest for {seconds} s. Nothing is lost, but customers’ messages appear late.',
  'problem.intake_behind.title': 'What comes in is processed late.',
  'problem.intake_behind.todo':
    'Check the load on PostgreSQL and the server processes, and their logs. It ends by itself once they have caught up.',
  'problem.other.means': 'The server is newer than this workstation.',
  'problem.other.title': 'There is a problem that this version does not know.',
  'problem.other.todo': 'Update this workstation to see what it is.',
  'problem.quarantine.means':
    '{updates, plural, one {# item from a channel could not be processed and is waiting} other {# items from the channels could not be processed and are waiting}}: a message, a receipt or a change that does not show here yet. Everything else went through.',
  'problem.quarantine.title': 'Some of what came in was not processed.',
  'problem.quarantine.todo':
    'On the server, <b>npm run quarantine -- list</b> says why each is waiting. With the cause resolved (Parley updated, the channel set up), <b>npm run quarantine -- retry</b> processes them.',
  'problem.sign_in_failures.means':
    'Within a quarter of an hour {failures, plural, one {# attempt} other {# attempts}} to sign in failed{people, plural, =0 {} one {, against # account} other {, against # accounts}}. Somebody is guessing passwords, or what people sign in with has stopped working.',
  'problem.sign_in_failures.title': 'Many attempts to sign in fail.',
  'problem.sign_in_failures.todo':
    'The audit log says from where and against whom. Each account and each address is slowed down already; a required second factor protects them even when a guess is right. It ends by itself when they stop.',

  'problems.acknowledge': 'Acknowledge',
  'problems.acknowledgedBy': 'Acknowledged by {name}, {at}.',
  'problems.button':
    '{count, plural, one {# problem with the installation} other {# problems with the installation}}',
  'problems.failed': 'The problems could not be read.',
  'problems.none': 'Everything works',
  'problems.noneWords': 'Whatever fails in the installation shows here until it is resolved.',
  'problems.see': '{count, plural, one {What to do} other {See all #}}',
  'problems.somebody': 'somebody else',
  'problems.times': 'Since: {since}. Last checked: {seen}.',
  'problems.title': 'Problems',
} satisfies Record<keyof typeof es, string>
