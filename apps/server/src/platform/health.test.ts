import { expect, test } from 'vitest'

import { createHealth } from './health.ts'
import { createLogger } from './logger.ts'
import { createMetrics } from './metrics.ts'

test('what fails and what is merely behind are told apart by name, and a check that throws is failing', async () => {
  const metrics = createMetrics()
  const health = createHealth(createLogger('silent'), metrics)
  health.register('fine', () => 'well')
  health.register('intake', () => ({ state: 'behind', detail: '700 bodies' }))
  const forget = health.register('database', () => Promise.reject(new Error('no answer')))
  expect(await health.report()).toEqual({ failing: ['database'], behind: ['intake'] })
  const { values } = await metrics.health.get()
  expect(values).toContainEqual({ labels: { name: 'intake' }, value: 0.5 })
  forget()
  expect(await health.report()).toEqual({ failing: [], behind: ['intake'] })
})
