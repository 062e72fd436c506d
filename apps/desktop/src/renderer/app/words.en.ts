import { type es } from './words.es.ts'

export const en = {
  starting: 'Opening your conversations…',

  'command.form.save': 'Save changes',
  'command.history.back': 'Back',
  'command.pane.next': 'Next pane',
  'command.pane.previous': 'Previous pane',
  'command.theme.toggle': 'Light or dark theme',

  'failed.drawing': 'This screen failed',
  'failed.drawingSafe': 'Your drafts and what waits are saved.',
  'failed.start': 'Parley could not open what is saved',

  'help.section.conversation': 'Conversation',
  'help.section.general': 'General',
  'help.section.go': 'Go to',
  'help.section.move': 'Move',
  'help.section.write': 'Write',

  'rail.label': 'Views',
  'rail.screens': 'Team',
  'rail.warning': 'some due soon',
  'rail.overdue': 'some overdue',

  'window.close': 'Close window',
  'window.controls': 'Window',
  'window.maximize': 'Maximise',
  'window.minimize': 'Minimise',
  'window.restore': 'Restore',
} satisfies Record<keyof typeof es, string>
