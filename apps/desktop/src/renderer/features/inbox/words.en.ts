import { type es } from './words.es.ts'

export const en = {
  'command.go.closed': 'Closed',
  'command.go.mine': 'Mine',
  'command.go.open': 'All open',
  'command.go.queue': 'A team’s queue',
  'command.list.down': 'Next',
  'command.list.dueFirst': 'Due first, or as in the queue',
  'command.list.nextUnread': 'Next unread',
  'command.list.open': 'Open',
  'command.list.openNth': 'Conversation 1 to 8',
  'command.list.up': 'Previous',
  'command.queue.claimNext': 'Claim next',

  'empty.closed': 'Nothing closed yet',
  'empty.closed.words': 'Conversations closed in the last 30 days will be here.',
  'empty.due.showAll': 'Show all',
  'empty.loading': 'Loading your conversations…',
  'empty.mine': 'Nothing waits for you',
  'empty.mine.noQueue': 'Nobody is in the queue either. What arrives shows here.',
  'empty.mine.queueOf': '{count, plural, one {# is} other {# are}} in the queue in {team}.',
  'empty.mine.queues': '{count, plural, one {# is} other {# are}} in your teams’ queues.',
  'empty.open': 'None open',
  'empty.open.words': 'When a customer writes to your teams, you will see it here.',
  'empty.team': 'The queue is empty',
  'empty.team.words': 'Nobody waits in this team.',

  'emptyHere.closed': 'No closed conversations saved on this computer',
  'emptyHere.filtered': 'Nothing saved on this computer matches',
  'emptyHere.mine': 'None of your conversations are saved on this computer',
  'emptyHere.open': 'No open conversations saved on this computer',
  'emptyHere.queues': 'Nothing from your queues is saved on this computer.',
  'emptyHere.team': 'Nothing saved on this computer from this queue',
  'emptyHere.words': "If there is anything, it will show when you're back online.",

  'list.changes': '{count, plural, one {# change} other {# changes}}',
  'list.failed': 'We could not open the list',
  'list.label': 'Conversations',
  'list.partial': 'Only what is saved on this computer',

  'listOrder.due': 'Due first',
  'listOrder.queue': 'As in the queue: priority, then due',

  'listOrderShort.due': 'Due first',
  'listOrderShort.queue': 'Queue',

  'listWay.menu': 'Show and order',
  'listWay.order': 'Order',

  'mark.delivered': 'Delivered',
  'mark.draft': 'Draft:',
  'mark.failed': 'Not sent:',
  'mark.pending': 'To be sent',
  'mark.read': 'Read',
  'mark.refused': 'Unsent:',
  'mark.sent': 'Sent',

  'palette.teams': 'Team queues',

  'preview.byColleague': '{name}: ',
  'preview.byMe': 'You: ',
  'preview.placeholder': '{name}: “{text}”',

  'queue.asOf': 'as of {at}',
  'queue.claimNext': 'Claim next',
  'queue.empty': 'Nobody is in the queue.',
  'queue.emptyDetail': 'Somebody claimed it first or it is already taken care of.',

  'rail.teams': 'Team queues',

  'row.gone': 'No longer in this list',

  'section.assigned': 'Assigned',
  'section.awaiting_customer': 'Waiting for the customer',
  'section.awaiting_me': 'Waiting for you',
  'section.closed': 'Closed',
  'section.queue': 'Queue',
  'section.queueOf': 'Queue, {team}',
  'section.to_decide': 'To decide',

  'view.closed': 'Closed',
  'view.mine': 'Mine',
  'view.open': 'All open',
  'view.team': 'Team',
} satisfies Record<keyof typeof es, string>
