import path from 'node:path'
import { defineConfig } from '@playwright/test'

// The suite runs on the stand-in, and opens no browser of the desktop for the links that it clicks.
process.env.ELECTRON_OVERRIDE_DIST_PATH = path.join(import.meta.dirname, 'dist')
process.env.PARLEY_HOST_RECORD_ONLY = '1'
// Always without a display: a bare X server has no window manager, without which nothing can be maximised.
delete process.env.DISPLAY

export default defineConfig({
  testDir: 'test',
  testMatch: '*.e2e.ts',
  // One display and one notification daemon to a session bus: one test at a time.
  workers: 1,
  timeout: 30_000,
  expect: { timeout: 5_000 },
  reporter: 'list',
})
