export const es = {
  'command.conversation.markUnread': 'Marcar como no leída',
} as const
