import { expect, it, vi } from 'vitest'

import { PageOpener, type OpenTarget } from './page-opener.ts'

const A: OpenTarget = { kind: 'conversation', conversationId: 'a' }
const B: OpenTarget = { kind: 'offer', offerId: 'b' }

it('sends at once to a page that listens', () => {
  const send = vi.fn<(target: OpenTarget) => void>()
  const opener = new PageOpener(send)
  opener.pageListens()
  opener.open(A)
  expect(send.mock.calls).toEqual([[A]])
})

it('keeps the newest for a page that loads, and sends it once', () => {
  const send = vi.fn<(target: OpenTarget) => void>()
  const opener = new PageOpener(send)
  opener.open(A)
  opener.open(B)
  expect(send).not.toHaveBeenCalled()
  opener.pageListens()
  opener.pageListens()
  expect(send.mock.calls).toEqual([[B]])
})

it('brings up the alert centre likewise, and alone', () => {
  const send = vi.fn<(target: OpenTarget) => void>()
  const opener = new PageOpener(send)
  opener.open(A)
  opener.open({ kind: 'alerts' })
  opener.pageListens()
  expect(send.mock.calls).toEqual([[{ kind: 'alerts' }]])
})

it('waits again when the page was left', () => {
  const send = vi.fn<(target: OpenTarget) => void>()
  const opener = new PageOpener(send)
  opener.pageListens()
  opener.pageLeft()
  opener.open(A)
  expect(send).not.toHaveBeenCalled()
  opener.pageListens()
  expect(send.mock.calls).toEqual([[A]])
})

it('forgets what the last person waited for', () => {
  const send = vi.fn<(target: OpenTarget) => void>()
  const opener = new PageOpener(send)
  opener.open(A)
  opener.forget()
  opener.pageListens()
  expect(send).not.toHaveBeenCalled()
})
