import { beforeEach, expect, it, vi } from 'vitest'

import { powerMonitor, resetElectron } from './electron.fake.ts'
import { watchPower } from './power.ts'

vi.mock('electron', () => import('./electron.fake.ts'))

beforeEach(resetElectron)

it.each(['resume', 'unlock-screen'])('hurries at %s', (event) => {
  const hurry = vi.fn<() => void>()
  watchPower(hurry)
  powerMonitor.emit(event)
  expect(hurry).toHaveBeenCalledOnce()
})
