import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  // What only Linux has, such as D-Bus.
  testIgnore: process.platform === 'linux' ? [] : ['**/*.linux.spec.ts'],
  // One display, one desktop, one build: one test at a time.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
})
