import { expect, it, vi } from 'vitest'

import { ConversationOpener } from './conversation-opener.ts'

it('sends at once to a page that listens', () => {
  const send = vi.fn<(conversationId: string) => void>()
  const opener = new ConversationOpener(send)
  opener.pageListens()
  opener.open('a')
  expect(send.mock.calls).toEqual([['a']])
})

it('keeps the newest for a page that loads, and sends it once', () => {
  const send = vi.fn<(conversationId: string) => void>()
  const opener = new ConversationOpener(send)
  opener.open('a')
  opener.open('b')
  expect(send).not.toHaveBeenCalled()
  opener.pageListens()
  opener.pageListens()
  expect(send.mock.calls).toEqual([['b']])
})

it('waits again when the page was left', () => {
  const send = vi.fn<(conversationId: string) => void>()
  const opener = new ConversationOpener(send)
  opener.pageListens()
  opener.pageLeft()
  opener.open('a')
  expect(send).not.toHaveBeenCalled()
  opener.pageListens()
  expect(send.mock.calls).toEqual([['a']])
})

it('forgets what the last person waited for', () => {
  const send = vi.fn<(conversationId: string) => void>()
  const opener = new ConversationOpener(send)
  opener.open('a')
  opener.forget()
  opener.pageListens()
  expect(send).not.toHaveBeenCalled()
})
