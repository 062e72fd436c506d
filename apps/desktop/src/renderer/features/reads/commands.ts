import { MailOpen } from 'lucide-react'

import { type Commands } from '../../contributions/contribution.ts'

export const commands = {
  'conversation.markUnread': {
    section: 'conversation',
    label: 'command.conversation.markUnread',
    keys: ['Shift+U'],
    palette: true,
    icon: MailOpen,
  },
} as const satisfies Commands
