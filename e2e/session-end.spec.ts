/// <reference lib="dom" />
import { expect, type Page } from '@playwright/test'

import { test } from './support/crew.ts'
import { PASSWORD, type Person, type World } from './support/world.ts'

const LUCIA = { phone: '5215550192393', name: 'Lucía Barrientos' }

const row = (page: Page) => page.getByRole('option', { name: /Lucía Barrientos/ })

/** As the server would, and the workstation hears of it when its line is new. */
async function endSessionsOf(world: World, { id }: Person, reason: string): Promise<void> {
  await world.pool.query(
    `UPDATE sessions SET ended_at = NOW(), end_reason = $2 WHERE user_id = $1 AND ended_at IS NULL`,
    [id, reason],
  )
  await world.killServer()
  await world.startServer()
}

async function writeTo(page: Page, words: string): Promise<void> {
  await page.mouse.move(700, 20)
  await row(page).click()
  const composer = page.getByRole('textbox', { name: /Respuesta a/ })
  await composer.click()
  await page.keyboard.type(words)
}

test('a session that is over locks the workstation, and signing in again opens it as it was', async ({
  world,
  signIn,
}) => {
  test.setTimeout(150_000)
  const ana = await world.addPerson({ fullName: 'Ana Ruiz', role: 'agent', teams: ['sales'] })
  const { page, problems } = await signIn(ana)
  await world.write(LUCIA, 'Quiero comprar un plan')
  await expect(row(page)).toBeVisible()
  await writeTo(page, 'Claro que sí, Lucía')
  await endSessionsOf(world, ana, 'expired')

  await expect(page.locator('html[data-session=locked]')).toBeAttached({ timeout: 30_000 })
  await expect(page.getByRole('heading', { name: 'Tu sesión terminó' })).toBeVisible()
  await expect(page.locator('body')).not.toContainText(/Lucía|comprar|Claro/)
  await expect(page).toHaveTitle('Parley')
  const asked = await page.evaluate(() =>
    Promise.all([
      window.parley.call('inbox.list', { view: { kind: 'open' }, limit: 5 }),
      window.parley.call('search.query', { text: 'comprar', limit: 5 }),
      window.parley.call('session.unsent', undefined),
    ]),
  )
  for (const answer of asked) {
    expect(answer).toEqual({ ok: false, error: { code: 'session_ended', details: {} } })
  }
  await page.screenshot({ path: test.info().outputPath('locked.png') })

  await page.getByLabel('Contraseña', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Entrar otra vez' }).click()
  await expect(row(page)).toBeVisible()
  await row(page).click()
  await expect(page.getByRole('textbox', { name: /Respuesta a/ })).toContainText(
    'Claro que sí, Lucía',
  )
  expect(problems.filter((problem) => !problem.includes('session_ended'))).toEqual([])
})

test('a session that will be over is said before, and signing in again keeps what is being written', async ({
  world,
  signIn,
}) => {
  test.setTimeout(150_000)
  const ana = await world.addPerson({ fullName: 'Ana Ruiz', role: 'agent', teams: ['sales'] })
  await world.pool.query('UPDATE security_policy SET session_lifetime_minutes = 60')
  const { page, problems } = await signIn(ana)
  await world.write(LUCIA, 'Quiero comprar un plan')
  await expect(row(page)).toBeVisible()
  const strip = page.locator('[data-session-end=hour]')
  await expect(strip).toContainText('Tu sesión termina')
  await writeTo(page, 'Claro que sí, Lucía')
  await page.screenshot({ path: test.info().outputPath('session-end.png') })
  await strip.getByRole('button', { name: 'Entrar otra vez ahora' }).click()

  await expect(page.locator('html[data-session=locked]')).toBeAttached()
  await page.getByLabel('Contraseña', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Entrar otra vez' }).click()
  await row(page).click()
  await expect(page.getByRole('textbox', { name: /Respuesta a/ })).toContainText(
    'Claro que sí, Lucía',
  )
  await strip.getByRole('button', { name: 'Después' }).click()
  await expect(strip).toBeHidden()
  expect(problems.filter((problem) => !problem.includes('session_ended'))).toEqual([])
})

test('access that is withdrawn leaves the person their own words, to be taken and discarded', async ({
  world,
  signIn,
}) => {
  test.setTimeout(150_000)
  const ana = await world.addPerson({ fullName: 'Ana Ruiz', role: 'agent', teams: ['sales'] })
  const { page } = await signIn(ana)
  await world.write(LUCIA, 'Quiero comprar un plan')
  await expect(row(page)).toBeVisible()
  await writeTo(page, 'Claro que sí, te lo explico')
  await endSessionsOf(world, ana, 'revoked')

  const locked = page.locator('main[data-locked=withdrawn]')
  await expect(locked).toBeVisible({ timeout: 30_000 })
  await expect(locked).toContainText('Borrador para Lucía Barrientos')
  await expect(locked).toContainText('Claro que sí, te lo explico')
  await expect(page.locator('body')).not.toContainText('comprar')
  await page.screenshot({ path: test.info().outputPath('withdrawn.png') })

  await locked.getByRole('button', { name: 'Descartar' }).click()
  await expect(locked).toBeVisible()
  await locked.getByRole('button', { name: 'Descartarlo para siempre' }).click()
  await expect(page.locator('html[data-session=signed_out]')).toBeAttached()
  await expect(page.locator('body')).not.toContainText(/Lucía|Claro/)
})
