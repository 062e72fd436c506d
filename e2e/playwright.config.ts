import { availableParallelism } from 'node:os'

import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  // What only Linux has, such as D-Bus.
  testIgnore: process.platform === 'linux' ? [] : ['**/*.linux.spec.ts'],
  globalSetup: './support/global-setup.ts',
  // Linux has a desktop for each worker; elsewhere there is one, and one window on it has the focus.
  workers: process.platform === 'linux' ? Math.min(2, availableParallelism()) : 1,
  fullyParallel: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
})
