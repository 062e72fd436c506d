import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect } from '@playwright/test'

import { test as base } from './desktop.ts'
import { launchWorkstation, type LaunchOptions, type RunningWorkstation } from './workstation.ts'
import { createWorld, type Person, type World } from './world.ts'
import { signInAs } from './sign-in.ts'

export type StaffedWorkstation = RunningWorkstation & { userData: string }

interface Crew {
  world: World
  /** Starts a workstation that nobody was signed in at. */
  open(options?: Partial<LaunchOptions>): Promise<StaffedWorkstation>
  /** Starts a workstation of their own for this person, and waits until it is online and its keys act. */
  signIn(person: Person, options?: Partial<LaunchOptions>): Promise<StaffedWorkstation>
}

interface Neighbourhood {
  /** One for all tests of a worker that ask for it: each brings its own people and customers. */
  sharedWorld: World
}

/** A world, and people at their workstations in it. Everything is closed and removed after the test. */
export const test = base.extend<Crew, Neighbourhood>({
  sharedWorld: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern
    async ({}, use) => {
      const world = await createWorld()
      await use(world)
      await world.stop()
    },
    { scope: 'worker' },
  ],
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern
  world: async ({}, use) => {
    const world = await createWorld()
    await use(world)
    await world.stop()
  },
  open: async ({ world }, use) => {
    const running: StaffedWorkstation[] = []
    await use(async (options = {}) => {
      const userData = mkdtempSync(join(tmpdir(), 'parley-e2e-'))
      const workstation = {
        ...(await launchWorkstation({ userData, serverUrl: world.serverUrl, ...options })),
        userData,
      }
      running.push(workstation)
      return workstation
    })
    for (const { close, userData } of running) {
      await close()
      rmSync(userData, { recursive: true, force: true })
    }
  },
  signIn: async ({ open }, use) => {
    await use(async (person, options) => {
      const workstation = await open(options)
      const { page } = workstation
      await signInAs(page, person)
      await expect(
        page.locator('html[data-session=signed_in][data-connection=online]'),
      ).toBeAttached()
      await expect(page.getByRole('navigation')).toBeVisible()
      return workstation
    })
  },
})
