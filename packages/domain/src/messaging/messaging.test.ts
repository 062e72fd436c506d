import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { CUSTOMER_WINDOW_MS, customerWindowEndsAt } from './customer-window.ts'
import { MESSAGE_STATUSES, advanceStatus, type MessageStatus } from './delivery-status.ts'
import { classifySendFailure, retryDelayMs } from './send-errors.ts'

const anyStatus = fc.constantFrom(...MESSAGE_STATUSES)

describe('a message’s status', () => {
  test('never goes back, whatever receipts come in whatever order', () => {
    const rank: Record<MessageStatus, number> = {
      pending: 0,
      sent: 1,
      delivered: 2,
      read: 3,
      failed: 4,
    }
    fc.assert(
      fc.property(fc.array(anyStatus), (receipts) => {
        let status: MessageStatus = 'pending'
        for (const receipt of receipts) {
          const next = advanceStatus(status, receipt)
          expect(rank[next]).toBeGreaterThanOrEqual(rank[status])
          status = next
        }
      }),
    )
  })

  test('does not depend on the order of the receipts that did not fail', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('sent', 'delivered', 'read') as fc.Arbitrary<MessageStatus>),
        (receipts) => {
          const apply = (some: MessageStatus[]): MessageStatus =>
            some.reduce(advanceStatus, 'pending' as MessageStatus)
          expect(apply(receipts)).toBe(apply([...receipts].toReversed()))
        },
      ),
    )
  })

  test('fails from pending and sent only, and stays failed', () => {
    expect(MESSAGE_STATUSES.map((status) => advanceStatus(status, 'failed'))).toEqual([
      'failed',
      'failed',
      'delivered',
      'read',
      'failed',
    ])
    expect(advanceStatus('failed', 'read')).toBe('failed')
  })
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
