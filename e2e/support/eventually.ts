import { expect } from '@playwright/test'

/** What holds after a while. Playwright's own pauses between two looks grow to a second; these do not grow. */
export function eventually<Value>(
  look: () => Value | Promise<Value>,
  options: { timeout?: number } = {},
) {
  return expect.poll(look, { intervals: [100], ...options })
}
