import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { test as base } from './desktop.ts'
import { launchWorkstation, type LaunchOptions, type RunningWorkstation } from './workstation.ts'

interface Fixtures {
  /** A fresh folder for one machine's user data. */
  userData: string
  /** Starts workstations that are closed when the test ends, however it ends. */
  launch: (options?: Partial<LaunchOptions>) => Promise<RunningWorkstation>
}

export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from this pattern
  userData: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-workstation-'))
    await use(folder)
    rmSync(folder, { recursive: true, force: true })
  },
  launch: async ({ userData }, use) => {
    const running: RunningWorkstation[] = []
    await use(async (options = {}) => {
      const workstation = await launchWorkstation({ userData, ...options })
      running.push(workstation)
      return workstation
    })
    for (const workstation of running) await workstation.close()
  },
})
