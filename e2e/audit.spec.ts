/// <reference lib="dom" />
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { expect, type Page } from '@playwright/test'

import { test } from './support/crew.ts'
import { go } from './support/go.ts'
import { type World } from './support/world.ts'

const entries = (page: Page) => page.locator('tr[data-row]')

async function addSome(world: World) {
  const ada = await world.addPerson({ fullName: 'Ada Pérez', role: 'admin', teams: ['sales'] })
  const bruno = await world.addPerson({ fullName: 'Bruno Díaz', role: 'agent', teams: ['sales'] })
  return { ada, bruno }
}

test('the audit log is narrowed, read as a difference in words, and written to a file', async ({
  world,
  signIn,
}) => {
  test.setTimeout(180_000)
  const { ada, bruno } = await addSome(world)
  const { app, page, problems, userData } = await signIn(ada)
  await page.evaluate(
    (userId) => window.parley.call('people.setRole', { userId, role: 'team_lead' }),
    bruno.id,
  )
  await page.evaluate(
    (userId) => window.parley.call('people.setActive', { userId, isActive: false }),
    bruno.id,
  )
  await go(page, 'Auditoría')
  await page
    .getByRole('row', { name: /Cambió un rol/ })
    .getByRole('button')
    .click()
  const pane = page.getByRole('region', { name: 'Cambió un rol' })
  await expect(pane.getByRole('group', { name: 'Rol' })).toHaveText(/− Agente.*\+ Líder de equipo/)

  await pane.getByRole('button', { name: 'Todo sobre Bruno Díaz' }).click()
  await expect(entries(page)).toHaveCount(2)
  const search = page.getByRole('searchbox', { name: 'Nombre, correo, acción o id' })
  await search.fill('ROL')
  await expect(entries(page)).toHaveCount(1)
  // It is the screen's own state: elsewhere and back again it is as it was.
  await page.getByRole('button', { name: 'Quitar el filtro de sobre qué' }).click()
  await search.fill('bruno')
  await expect(entries(page)).toHaveCount(2)
  await page.getByLabel('Hasta el').fill('2020-01-01')
  await expect(page.getByText('Nada coincide')).toBeVisible()
  await page.getByLabel('Hasta el').fill('')
  await expect(entries(page)).toHaveCount(2)

  const file = join(userData, 'copia.ndjson')
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath })
  }, file)
  await page.getByRole('button', { name: 'Exportar…' }).click()
  await expect(page.getByText('2 entradas exportadas a')).toBeVisible()
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { action: string }).action)).toEqual([
    'person.deactivated',
    'person.role_changed',
  ])
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(existsSync(`${file}.part`)).toBe(false)
  await search.fill('exportó')
  await expect(page.getByRole('row', { name: /Exportó el registro/ })).toBeVisible()
  await page.screenshot({ path: test.info().outputPath('audit.png') })
  expect(problems).toEqual([])
})

test('people, teams, access and the log hold in dark, in English and at 900 pixels', async ({
  world,
  signIn,
}) => {
  test.setTimeout(180_000)
  const { ada, bruno } = await addSome(world)
  const { page, problems } = await signIn(ada)
  await page.evaluate(
    (userId) => window.parley.call('people.setRole', { userId, role: 'team_lead' }),
    bruno.id,
  )
  await page.evaluate(() =>
    window.parley.call('preferences.set', { theme: 'dark', language: 'en' }),
  )
  await expect(page.locator('html[data-theme=dark][lang=en]')).toBeAttached()
  await page.setViewportSize({ width: 900, height: 700 })
  const shows = async (name: string) => {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect([name, wide]).toEqual([name, 0])
    await page.screenshot({ path: test.info().outputPath(`${name}.png`) })
  }
  await go(page, 'People and teams')
  await page
    .getByRole('row', { name: /Bruno Díaz/ })
    .getByRole('button')
    .click()
  await expect(page.getByRole('button', { name: 'Skills' })).toBeVisible()
  await shows('person')
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await shows('people')
  for (const part of ['Teams', 'Access'] as const) {
    await page.getByRole('button', { name: part, exact: true }).click()
    await expect(
      page.getByRole('main').getByText(part === 'Teams' ? 'New team' : 'Ada Pérez'),
    ).toBeVisible()
    await shows(part.toLowerCase())
  }
  await go(page, 'Audit log')
  await expect(entries(page).first()).toBeVisible()
  await shows('audit')
  await entries(page).first().getByRole('button').click()
  await shows('entry')
  expect(problems).toEqual([])
})
