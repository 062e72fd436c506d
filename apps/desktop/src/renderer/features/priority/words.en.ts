import { type es } from './words.es.ts'

export const en = {
  'command.conversation.priority': 'Priority',

  'event.priority': 'Priority: <b>{priority}</b>',
  'event.priorityBy': '<b>{who}</b> set the priority to <b>{priority}</b>',
  'event.priorityByMe': 'You set the priority to <b>{priority}</b>',

  'outbox.setPriority': 'Priority of {name}’s',

  'priority.menu': 'Priority',
  'priority.now': 'Priority: {priority}',

  'refused.setPriority': 'The priority did not change.',
} satisfies Record<keyof typeof es, string>
