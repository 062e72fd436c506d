/// <reference lib="dom" />
import { expect, type Page } from '@playwright/test'

import { test } from './support/crew.ts'
import { eventually } from './support/eventually.ts'

const LUCIA = { phone: '5215550192193', name: 'Lucía Barrientos' }
const OSCAR = { phone: '5215550192194', name: 'Óscar Villaseñor' }

const row = (page: Page, name: string) => page.getByRole('option', { name: new RegExp(name) })
const unread = (page: Page, name: string) => row(page, name).getByRole('img', { name: /sin leer/ })
const rail = (page: Page, view: string) =>
  page.getByRole('navigation').getByRole('button', { name: new RegExp(`^${view}`) })

async function openRow(page: Page, name: string): Promise<void> {
  // Under the pointer the list keeps its order and lets nothing in.
  await page.mouse.move(700, 20)
  await row(page, name).click()
  await page.mouse.move(700, 20)
  await expect(page.getByRole('region', { name: `Conversación con ${name}` })).toBeVisible()
}

test('what I read here is read on my other device, and at my next sign-in on a shared computer', async ({
  world,
  signIn,
}) => {
  test.setTimeout(150_000)
  const mariana = await world.addPerson({
    fullName: 'Mariana Solís',
    role: 'agent',
    teams: ['sales'],
  })
  const here = (await signIn(mariana)).page
  const there = (await signIn(mariana)).page
  await world.write(LUCIA, 'Quiero comprar un plan')
  await world.write(LUCIA, 'El más barato, por favor')
  for (const page of [here, there]) {
    await expect(unread(page, LUCIA.name)).toHaveAttribute('aria-label', '2 sin leer')
    await expect(page).toHaveTitle('(1) Parley')
  }
  await there.screenshot({ path: test.info().outputPath('unread.png') })

  await openRow(here, LUCIA.name)
  for (const page of [here, there]) {
    await expect(unread(page, LUCIA.name)).toHaveCount(0)
    await expect(page).toHaveTitle('Parley')
  }

  // For later, wherever that is.
  await here.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await here.keyboard.press('Shift+U')
  await expect(here.getByRole('region', { name: /^Conversación con/ })).toHaveCount(0)
  for (const page of [here, there]) {
    await expect(unread(page, LUCIA.name)).toHaveAttribute('aria-label', '1 sin leer')
  }
  await here.screenshot({ path: test.info().outputPath('marked-unread.png') })

  // Read with no server; it hears of it when it is back.
  await world.killServer()
  await expect(there.locator('html[data-connection=offline]')).toBeAttached()
  await openRow(there, LUCIA.name)
  await expect(unread(there, LUCIA.name)).toHaveCount(0)
  await expect(unread(here, LUCIA.name)).toHaveCount(1)
  await world.startServer()
  await expect(unread(here, LUCIA.name)).toHaveCount(0, { timeout: 30_000 })

  const shared = (await signIn(mariana)).page
  await expect(row(shared, LUCIA.name)).toBeVisible()
  await expect(unread(shared, LUCIA.name)).toHaveCount(0)
  await expect(shared).toHaveTitle('Parley')
})

test('a supervisor’s list is not bold from other people’s conversations, and every number agrees', async ({
  world,
  signIn,
}) => {
  const agent = await signIn(
    await world.addPerson({ fullName: 'Mariana Solís', role: 'agent', teams: ['sales'] }),
  )
  await world.write(LUCIA, 'Quiero comprar un plan')
  await expect(unread(agent.page, LUCIA.name)).toHaveCount(1)
  // Nobody of support is there: it waits.
  await world.write(OSCAR, 'Tengo un error en la aplicación')

  const { page } = await signIn(
    await world.addPerson({ fullName: 'Rosa Elizondo', role: 'supervisor', teams: [] }),
  )
  await page.keyboard.press('g')
  await page.keyboard.press('o')
  await expect(row(page, LUCIA.name)).toBeVisible()
  await expect(row(page, OSCAR.name)).toBeVisible()
  await expect(page.getByRole('img', { name: /sin leer/ })).toHaveCount(0)
  await expect(page).toHaveTitle('Parley')

  const header = page.getByRole('region', { name: 'Conversaciones' }).locator('header')
  await expect(header).toContainText('2')
  await expect(rail(page, 'Abiertas')).toContainText('2')
  await rail(page, 'Support').click()
  await expect(header).toContainText('1')
  await expect(rail(page, 'Support')).toContainText('1')
  await page.screenshot({ path: test.info().outputPath('supervisor.png') })
  await eventually(async () => {
    const { rows } = await world.pool.query<{ count: number }>(
      `SELECT COUNT(*)::int AS count FROM conversations WHERE status = 'queued'`,
    )
    return rows[0]?.count
  }).toBe(1)
})
