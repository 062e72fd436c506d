import { type es } from './words.es.ts'

export const en = {
  'command.go.waiting': 'What waits',

  'outbox.decide': 'Decide',
  'outbox.discard': 'Discard',
  'outbox.empty': 'Nothing waits. All of yours is sent.',
  'outbox.held': 'Waits until you decide about the one before it',
  'outbox.order': 'leaves in this order when back',
  'outbox.retryNow': 'Try now',
  'outbox.sending': 'Sending',
  'outbox.syncedAt': 'Up to date at {at}.',
  'outbox.title': 'What waits',
  'outbox.waiting': 'Waits for connection',

  'refused.carriedOver': 'It was kept from what could not be opened.',
  'refused.carriedOver.detail':
    'It does not leave by itself: see whether it is still needed, and decide.',
  'refused.outdated': '{who} replied {at}, after the last you had seen. Nothing was lost.',
  'refused.wordsKept': 'Your text is kept here.',
} satisfies Record<keyof typeof es, string>
