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

  'notOpened.again': 'Try now',
  'notOpened.disk_full': 'This computer’s disk is full',
  'notOpened.disk_full.detail':
    'What is yours is still saved. Free some space and it opens by itself.',
  'notOpened.busy': 'Another program is using what is saved',
  'notOpened.busy.detail':
    'It may be an antivirus or a backup. Nothing is lost; it opens as soon as that is done.',
  'notOpened.io': 'The disk does not answer as it should',
  'notOpened.io.detail': 'Nothing saved was touched. If it goes on, tell IT.',
  'notOpened.cannot_open': 'What is saved on this computer cannot be opened',
  'notOpened.cannot_open.detail':
    'Permissions are missing or the folder is not available. Nothing was touched; tell IT.',
  'notOpened.key_store': 'The system’s keychain does not give the key',
  'notOpened.key_store.detail':
    'Unlock it, or sign in to the computer again. What is yours is still saved.',
  'notOpened.other_key': 'The key does not belong to what is saved',
  'notOpened.other_key.detail':
    'Nothing was touched. Tell IT, or start afresh without deleting what was there.',
  'notOpened.update_failed': 'What is saved could not be prepared for this version',
  'notOpened.update_failed.detail':
    'Nothing is lost. Tell IT, or start afresh without deleting what was there.',
  'notOpened.newer': 'What is saved is from a newer version of Parley',
  'notOpened.newer.detail':
    'It is kept untouched until that version is installed. Meanwhile you can start afresh.',
  'notOpened.lease': 'This computer has not reached the server for a long time',
  'notOpened.lease.detail':
    'Connect to go on. If that fails, what is saved is deleted; what you wrote and did not send is kept.',
  'notOpened.engine': 'Parley fails to open',
  'notOpened.engine.detail':
    'What is yours is still saved. If it does not recover by itself, tell IT.',
  'notOpened.fresh': 'Start afresh, deleting nothing',
  'notOpened.retryAt': 'It is tried again {at}.',
  'notOpened.unsent': 'This is written there and has not been sent:',

  'unsent.copy': 'Copy all',
  'unsent.draft': 'Draft for {name}',
  'unsent.unknownCustomer': 'a customer',
  'unsent.intent': 'Not sent, for {name}',

  'rail.label': 'Views',
  'rail.screens': 'Team',
  'rail.atLeast': 'at least',
  'rail.warning': 'some due soon',
  'rail.overdue': 'some overdue',

  'window.close': 'Close window',
  'window.controls': 'Window',
  'window.maximize': 'Maximise',
  'window.minimize': 'Minimise',
  'window.restore': 'Restore',
} satisfies Record<keyof typeof es, string>
