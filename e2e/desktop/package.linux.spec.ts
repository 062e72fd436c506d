import { mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { expect } from '@playwright/test'

import { extractPackage } from '../support/package.ts'
import { test } from '../support/user-data.ts'
import { DESKTOP } from '../support/workstation.ts'

test.describe('the package', () => {
  test('holds all that the workstation needs to run', async ({ launch, userData }) => {
    test.setTimeout(120_000)
    const workFolder = join(userData, 'package')
    mkdirSync(workFolder)
    const app = await extractPackage(DESKTOP, workFolder)
    expect(readdirSync(app).toSorted()).toEqual(['node_modules', 'out', 'package.json'])

    const { page, problems } = await launch({ app })
    await expect(page.locator('html')).toHaveAttribute('data-session', 'signed_out')
    expect(problems).toEqual([])
    expect(readFileSync(join(userData, 'logs/main.log'), 'utf8')).toContain('the engine is ready')
  })
})
