import { expect, test } from 'vitest'

import { createLogger } from './logger.ts'
import { createMetrics } from './metrics.ts'
import { startPeriodic } from './periodic.ts'

test('a run that hangs is counted and given up, and the next one goes on', async () => {
  const services = { logger: createLogger('silent'), metrics: createMetrics() }
  let runs = 0
  const second = Promise.withResolvers<void>()
  const task = startPeriodic(
    'hangs once',
    1,
    services,
    () => {
      runs++
      if (runs === 1) return new Promise(() => {})
      second.resolve()
      return Promise.resolve()
    },
    20,
  )
  await second.promise
  await task.stop()
  const { values } = await services.metrics.periodicRuns.get()
  expect(values).toContainEqual({ labels: { task: 'hangs once', outcome: 'overdue' }, value: 1 })
})

test('stopping does not wait for ever for a run that hangs', async () => {
  const services = { logger: createLogger('silent'), metrics: createMetrics() }
  const task = startPeriodic('hangs', 1, services, () => new Promise(() => {}), 20)
  await task.stop()
})
