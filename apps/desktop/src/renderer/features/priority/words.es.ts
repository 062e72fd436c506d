export const es = {
  'command.conversation.priority': 'Prioridad',

  'event.priority': 'Prioridad: <b>{priority}</b>',
  'event.priorityBy': '<b>{who}</b> la puso en prioridad <b>{priority}</b>',
  'event.priorityByMe': 'La pusiste en prioridad <b>{priority}</b>',

  'outbox.setPriority': 'Prioridad de la de {name}',

  'priority.menu': 'Prioridad',
  'priority.now': 'Prioridad: {priority}',

  'refused.setPriority': 'La prioridad no cambió.',
} as const
