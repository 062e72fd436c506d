import { type es } from './words.es.ts'

export const en = {
  'canned.count': '{shown} of {total}',
  'canned.everybody': 'General',
  'canned.insert': 'Canned response',
  'canned.noMatch': 'No canned response matches.',
  'canned.none': 'Your team has no canned responses yet.',
  'canned.title': 'Canned responses',

  'command.composer.canned': 'Canned response',
  'command.composer.focus': 'Reply',
  'command.composer.leave': 'Leave the text',
  'command.composer.line': 'New line',
  'command.composer.send': 'Send',
  'command.composer.sendAndClose': 'Send and close',

  'composer.field': 'Reply to {name}',
  'composer.label': 'Reply',
  'composer.length': '{length} of {limit} characters',
  'composer.placeholder': 'Write to {name}…',
  'composer.placeholderClosed': 'You can prepare your reply; it is kept as a draft',
  'composer.send': 'Send',
  'composer.sendLater': 'Send when back',
  'composer.tooLong':
    '{over, plural, one {# character} other {# characters}} too many: a message holds {limit}.',
  'composer.to': 'Replying to {name}',

  'draft.cut': 'The draft is full.',
  'draft.cutDetail':
    'It kept the first {limit, number} characters; the rest is still where you copied it.',
  'draft.notSaved': 'The draft was not saved.',
  'draft.saved': 'Draft saved',
  'draft.savedHere': 'Saved here',

  'gap.open': '{gap} is not filled in.',
  'gap.openDetail': 'Not sent. Type what goes there or delete it. Tab moves to the next one.',

  'instead.closed': 'Closed. Reopen it to reply.',
  'instead.closedBy': '{name} closed it {at}. Reopen it to reply.',
  'instead.colleague': '{name} has it.',
  'instead.gone': 'What you wrote was not sent. It is still here: copy it before you leave.',
  'instead.nobody': 'Nobody has it. Claim it to reply.',
  'instead.notYours': 'You can read it. Whoever has it replies.',

  'kept.copy': 'Copy text',
  'kept.discard': 'Discard text',

  'outbox.reply': 'Reply to {name}',

  'refused.reply': 'Your reply was not sent.',

  'slash.sendAnyway': 'Send as is',
  'slash.unsent': 'Send “{slash}” to the customer?',
  'slash.unsentDetail': 'It looks like a saved reply. Not sent.',

  'window.closedAt': 'The 24 h window closed {at}.',
  'window.closedWords': 'It opens again when {name} writes. Your draft is kept until then.',
  'window.closing': 'The window closes soon, left:',
  'window.endsAt': 'Closes: {at}',
  'window.none': 'The 24 h window is not open yet.',
  'window.open': '24 h window, left:',
  'window.unlimited': 'App: no time limit',
} satisfies Record<keyof typeof es, string>
