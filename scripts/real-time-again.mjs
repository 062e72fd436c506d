import { afterAll, vi } from 'vitest'

/** The files of one worker share its globals: what one has put there must not meet the next. */
afterAll(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})
