import { expect, test } from 'vitest'

import { CallLimits } from './call-limits.ts'
import { createMetrics } from './metrics.ts'

/** How many of these begin while none of them ends. */
async function begunOf(
  calls: number,
  run: (limits: CallLimits, call: number, work: () => Promise<void>) => Promise<void>,
): Promise<number> {
  const limits = new CallLimits(createMetrics())
  const ending = Promise.withResolvers<void>()
  let begun = 0
  const all = Array.from({ length: calls }, (_nothing, call) =>
    run(limits, call, async () => {
      begun++
      await ending.promise
    }),
  )
  await new Promise((resolve) => setTimeout(resolve, 0))
  const atOnce = begun
  ending.resolve()
  await Promise.all(all)
  expect(begun).toBe(calls)
  return atOnce
}

test('strangers wait for each other: those of one address, and all of them together', async () => {
  const ofOne = await begunOf(20, (limits, _call, work) => limits.ofStranger('192.0.2.1', work))
  expect(ofOne).toBe(8)
  const ofMany = await begunOf(100, (limits, call, work) =>
    limits.ofStranger(`192.0.2.${call}`, work),
  )
  expect(ofMany).toBe(16)
})

test('who waits for a directory that does not answer keeps nobody else from signing in', async () => {
  const both = await begunOf(300, (limits, call, work) =>
    call < 250
      ? limits.ofDirectory(`192.0.2.${call}`, work)
      : limits.ofStranger(`198.51.100.${call}`, work),
  )
  expect(both).toBe(48 + 16)
})

test('who begins many sessions has no more at once for it, and takes nothing from others', async () => {
  const ofOne = await begunOf(100, (limits, call, work) =>
    limits.ofSession(`session ${call}`, () => limits.ofPerson('ana', work)),
  )
  expect(ofOne).toBe(8)
  const ofTwo = await begunOf(100, (limits, call, work) =>
    limits.ofSession(`session ${call}`, () => limits.ofPerson(call < 50 ? 'ana' : 'luis', work)),
  )
  expect(ofTwo).toBe(16)
})
