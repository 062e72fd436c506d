import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { DeviceReport } from './device-report.ts'
import { refusal, type ServerClient } from './server-client.ts'

/** A line that notes what it is told, or does not answer. */
function fakeLine() {
  const told: string[] = []
  let failures = 0
  const trpc = {
    presence: { report: { mutate: async ({ state }: { state: string }) => void told.push(state) } },
  }
  const line = {
    ask: async (request: (given: typeof trpc) => Promise<unknown>) => {
      if (failures-- > 0) throw refusal('server_unreachable')
      return request(trpc)
    },
  } as unknown as ServerClient
  return { line, told, failNext: (times: number) => (failures = times) }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())
const settle = () => vi.advanceTimersByTimeAsync(0)

test('tells each change once, and the last one again over a new line', async () => {
  const [first, second] = [fakeLine(), fakeLine()]
  const report = new DeviceReport()
  report.set('idle')
  report.connect(first.line)
  await settle()
  report.set('idle')
  report.set('asleep')
  await settle()
  expect(first.told).toEqual(['idle', 'asleep'])
  report.connect(null)
  report.connect(second.line)
  await settle()
  expect([first.told, second.told]).toEqual([['idle', 'asleep'], ['asleep']])
})

test('tells again what did not arrive, as it is by then', async () => {
  const { line, told, failNext } = fakeLine()
  failNext(2)
  const report = new DeviceReport()
  report.connect(line)
  await settle()
  await vi.advanceTimersByTimeAsync(5000)
  expect(told).toEqual([])
  report.set('idle')
  await vi.advanceTimersByTimeAsync(5000)
  expect(told).toEqual(['idle'])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(told).toEqual(['idle'])
})

test('stops trying when the line is given up', async () => {
  const { line, told, failNext } = fakeLine()
  failNext(1)
  const report = new DeviceReport()
  report.connect(line)
  await settle()
  report.connect(null)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(told).toEqual([])
})
