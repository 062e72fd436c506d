import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { CUSTOMER_WINDOW_MS, customerWindowEndsAt } from './customer-window.ts'
import {
  ATTEMPT_STATES,
  advanceAttempt,
  standingOf,
  withoutNeedless,
  type AttemptState,
  type ReceiptStatus,
} from './delivery-status.ts'
import { classifySendFailure, retryDelayMs } from './send-errors.ts'
import { hasVisibleText } from './visible-text.ts'

const anyReceipt = fc.constantFrom<ReceiptStatus>('sent', 'delivered', 'read', 'failed')
const anyState = fc.constantFrom(...ATTEMPT_STATES)

describe('an attempt', () => {
  const after = (receipts: readonly ReceiptStatus[]): AttemptState =>
    receipts.reduce<AttemptState>(advanceAttempt, 'sending')

  test('comes to the same, whatever order its receipts come in, and however often', () => {
    fc.assert(
      fc.property(
        fc.array(anyReceipt, { minLength: 1 }),
        fc.func(fc.integer()),
        (receipts, order) => {
          const shuffled = [...receipts, ...receipts].toSorted((a, b) => order(a) - order(b))
          expect(after(shuffled)).toBe(after(receipts))
        },
      ),
    )
  })

  test('that reached the customer is no failure, whatever else is said', () => {
    fc.assert(
      fc.property(fc.array(anyReceipt), (receipts) => {
        const reached = receipts.some((receipt) => receipt === 'delivered' || receipt === 'read')
        expect(['delivered', 'read'].includes(after(receipts))).toBe(reached)
      }),
    )
  })

  test('that failed is not sent by a receipt that came late', () => {
    expect(after(['failed', 'sent'])).toBe('failed')
  })
})

describe('what is shown of a message', () => {
  test('is the best that is true of any of its attempts', () => {
    fc.assert(
      fc.property(fc.array(anyState, { minLength: 1 }), (attempts) => {
        const { status } = standingOf(attempts, null)
        const best = ['read', 'delivered', 'sent'].find((one) =>
          attempts.includes(one as AttemptState),
        )
        if (best !== undefined) expect(status).toBe(best)
        else expect(['pending', 'failed']).toContain(status)
      }),
    )
  })

  test('is unknown until a person says, and the channel’s word counts for more', () => {
    expect(standingOf(['ambiguous'], null)).toMatchObject({ status: 'pending', isAmbiguous: true })
    expect(standingOf(['failed', 'ambiguous'], null)).toMatchObject({ isAmbiguous: true })
    expect(standingOf(['ambiguous'], 'sent')).toMatchObject({ status: 'sent', isAmbiguous: false })
    expect(standingOf(['failed'], 'sent')).toMatchObject({ status: 'failed', isDiscarded: false })
    expect(standingOf(['ambiguous'], 'discarded')).toMatchObject({
      status: 'failed',
      isDiscarded: true,
    })
    expect(standingOf(['read'], 'discarded')).toMatchObject({ status: 'read', isDiscarded: false })
  })

  test('a repetition that has not left is dropped once the customer has the message', () => {
    const states = (...attempts: AttemptState[]): AttemptState[] =>
      withoutNeedless(attempts.map((state) => ({ state }))).map(({ state }) => state)
    expect(states('delivered', 'waiting')).toEqual(['delivered', 'dropped'])
    expect(states('sent', 'waiting')).toEqual(['sent', 'dropped'])
    expect(states('failed', 'waiting')).toEqual(['failed', 'waiting'])
    expect(states('ambiguous', 'waiting')).toEqual(['ambiguous', 'waiting'])
    // What has left cannot be called back.
    expect(states('read', 'sending')).toEqual(['read', 'sending'])
  })
})

test('what nobody can see is no answer', () => {
  for (const nothing of [
    '',
    ' \n\t',
    '\u200b\u200d\ufeff',
    '\u3164',
    '\u2800 \u00a0',
    '\u0301',
    '\u202e',
  ]) {
    expect(hasVisibleText(nothing)).toBe(false)
  }
  for (const something of ['.', 'ñ', '👍🏽', '👩‍👩‍👧', 'हाँ', '‎ok']) {
    expect(hasVisibleText(something)).toBe(true)
  }
})

describe('a failed send', () => {
  test.each([4, 80007, 130429])(
    'with code %i was refused before processing and is tried again',
    (code) => {
      expect(classifySendFailure(code, 400)).toEqual({ kind: 'retry', pace: 'backoff' })
    },
  )

  test('of too many messages to one customer waits 4^X seconds', () => {
    expect(classifySendFailure(131056, 400)).toEqual({ kind: 'retry', pace: 'pair_rate' })
    expect([1, 2, 3].map((attempt) => retryDelayMs('pair_rate', attempt, 0.5))).toEqual([
      1000, 4000, 16000,
    ])
  })

  test.each([1, 2, 131000, 131016, 131057])(
    'with code %i may have gone out and is never repeated blindly',
    (code) => {
      expect(classifySendFailure(code, 500)).toEqual({ kind: 'ambiguous' })
    },
  )

  test.each([
    [190, 'channel_not_authorised'],
    [131047, 'window_closed'],
    [131026, 'undeliverable'],
    [131050, 'opted_out'],
    [131048, 'limited_by_channel'],
    [132001, 'template_rejected'],
    [200, 'not_permitted'],
    [100, 'rejected'],
    [999999, 'rejected'],
  ])('with code %i is final: %s', (code, reason) => {
    expect(classifySendFailure(code, 400)).toEqual({ kind: 'permanent', reason })
  })

  test('without a code goes by the status, and without an answer nobody knows', () => {
    expect(classifySendFailure(null, 429).kind).toBe('retry')
    expect(classifySendFailure(null, 401)).toEqual({
      kind: 'permanent',
      reason: 'channel_not_authorised',
    })
    expect(classifySendFailure(null, 404)).toEqual({ kind: 'permanent', reason: 'rejected' })
    expect(classifySendFailure(null, 502)).toEqual({ kind: 'ambiguous' })
    expect(classifySendFailure(null, null)).toEqual({ kind: 'ambiguous' })
  })

  test('waits longer each time, a minute and a quarter at most', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, jitter) => {
          const delay = retryDelayMs('backoff', attempt, jitter)
          expect(delay).toBeGreaterThan(0)
          expect(delay).toBeLessThanOrEqual(75_000)
        },
      ),
    )
  })
})

test('WhatsApp’s window is 24 hours from the customer’s last words; the app has none', () => {
  expect(customerWindowEndsAt('whatsapp', 1000)).toBe(1000 + CUSTOMER_WINDOW_MS)
  expect(customerWindowEndsAt('whatsapp', null)).toBeNull()
  expect(customerWindowEndsAt('chat_app', 1000)).toBeNull()
})
