import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type Readable } from 'node:stream'

import { test as base } from '@playwright/test'

import { isHeadless } from './workstation.ts'

/** Each worker has a desktop of its own: what has the focus on one takes it from nothing on another. */
export const test = base.extend<object, { display: void }>({
  display: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern
    async ({}, use) => {
      if (process.platform !== 'linux' || isHeadless()) return use()
      const server = spawn(
        'Xvfb',
        ['-displayfd', '3', '-screen', '0', '1920x1080x24', '-noreset'],
        {
          stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
        },
      )
      // It takes a free number, and says which when it is ready.
      const [number] = (await once(server.stdio[3] as Readable, 'data')) as [Buffer]
      process.env['DISPLAY'] = `:${number.toString().trim()}`
      await use()
      server.kill()
      await once(server, 'exit')
    },
    { scope: 'worker', auto: true },
  ],
})
