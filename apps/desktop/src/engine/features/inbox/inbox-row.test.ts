import { type Intent } from '@parley/contracts'
import { expect, test } from 'vitest'

import { openCache, put } from '../../testing/open-cache.ts'
import { conversation, message, person, someId } from '../../testing/rows.ts'
import { toLastMessage } from '../conversations/last-message.ts'
import { readInboxRow } from './inbox-row.ts'

function open() {
  const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
  const row = conversation({ assignedTo: 'me', status: 'assigned' })
  apply(put('conversation', row), put('message', message(row.id, { text: '¿Y mi pedido?' })))
  const refuse = (intent: Intent) =>
    cache.store.write(() =>
      cache.store.run(
        `INSERT INTO outbox (intent_id, kind, conversation_id, customer_name, payload, created_at, state)
         VALUES (?, ?, ?, '', ?, '', 'refused')`,
        someId(),
        intent.kind,
        row.id,
        JSON.stringify(intent),
      ),
    )
  const wrote = { direction: 'outbound', senderType: 'agent' } as const
  return { cache, apply, row, refuse, wrote, preview: () => readInboxRow(cache, row.id)?.preview }
}

const answer = (text: string): Intent => ({
  kind: 'reply',
  text,
  lastSeenSeq: null,
  despiteNewerReply: false,
})

test('“Unsent:” is followed by what I wrote, and by nobody else’s words', () => {
  const { apply, row, refuse, wrote, preview } = open()
  refuse(answer('Ya va en camino'))
  refuse(answer('Mañana llega'))
  apply(put('message', message(row.id, { ...wrote, senderId: 'ana', text: 'Lo reviso yo' })))
  expect(preview()).toEqual({
    mark: 'refused',
    refused: null,
    contentType: 'text',
    text: 'Ya va en camino',
    by: { kind: 'me' },
  })
})

test('what was not done and has no words is said without any', () => {
  const { refuse, preview } = open()
  refuse({ kind: 'close', reason: 'resolved' })
  expect(preview()).toMatchObject({ mark: 'refused', refused: 'close', text: '' })
})

test('“Not sent:” names whose words those are', () => {
  const { apply, row, wrote, preview } = open()
  const ana = person({ fullName: 'Ana Luna' })
  const failed = { ...wrote, status: 'failed', text: 'Lo reviso yo' } as const
  apply(put('person', ana), put('message', message(row.id, { ...failed, senderId: ana.id })))
  expect(preview()).toMatchObject({
    mark: 'failed',
    text: 'Lo reviso yo',
    by: { kind: 'colleague', name: 'Ana Luna' },
  })
})

test('what was given up is shown no more, as in the thread', () => {
  const { apply, row, wrote, preview } = open()
  const givenUp = {
    status: 'failed',
    text: 'Ups',
    discardedAt: '2026-11-20T10:00:00.000Z',
  } as const
  apply(put('message', message(row.id, { ...wrote, senderId: 'me', ...givenUp })))
  expect(preview()).toMatchObject({ mark: null, text: '¿Y mi pedido?', by: { kind: 'customer' } })
})

test.each(['the row last', 'the message last'])(
  'of a message that the conversation’s row tells as well the newer state is shown: %s',
  (order) => {
    const { apply, row, wrote, preview } = open()
    const sent = message(row.id, { ...wrote, senderId: 'me', text: 'Voy', status: 'sent' })
    const read = { ...sent, version: sent.version + 1, status: 'read' } as const
    const says = (said: typeof sent | typeof read, version: number) =>
      put('conversation', { ...row, version, lastMessage: toLastMessage(said) })
    apply(says(sent, 2), put('message', sent))
    expect(preview()).toMatchObject({ mark: 'sent', text: 'Voy' })
    if (order === 'the row last') apply(says(read, 3))
    else apply(put('message', read))
    expect(preview()).toMatchObject({ mark: 'read', text: 'Voy' })
  },
)
