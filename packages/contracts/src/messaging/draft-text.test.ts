import { LONGEST_DRAFT, LONGEST_REPLY, replyLength } from '@parley/domain'
import { expect, test } from 'vitest'

import { draftText } from './bridge.ts'
import { replyText } from './reply-text.ts'

test('a draft of any length that somebody may write is kept', () => {
  for (const length of [20_001, 100_000, LONGEST_DRAFT]) {
    expect(draftText.parse('á'.repeat(length))).toHaveLength(length)
  }
  expect(draftText.safeParse('á'.repeat(LONGEST_DRAFT + 1)).success).toBe(false)
})

test('what no text may hold is left out of a draft, and the rest is kept', () => {
  expect(draftText.parse('mi\u0000 borrador \uD83D')).toBe('mi borrador \uFFFD')
})

test('who writes is told from where on a message is too long for the channel', () => {
  for (const length of [1, LONGEST_REPLY, LONGEST_REPLY + 1]) {
    const words = 'a'.repeat(length)
    expect(replyText.safeParse(words).success).toBe(replyLength(words).over === 0)
  }
  expect(replyLength('a'.repeat(LONGEST_REPLY + 3))).toMatchObject({ over: 3, isNear: true })
  expect(replyLength('hola')).toMatchObject({ over: 0, isNear: false })
})
