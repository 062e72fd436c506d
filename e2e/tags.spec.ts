import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

import { test } from './support/crew.ts'
import { eventually } from './support/eventually.ts'
import { type World } from './support/world.ts'

const LUCIA = { phone: '5215550192093', name: 'Lucía Barrientos' }
const OSCAR = { phone: '5215550192094', name: 'Óscar Villaseñor' }

const row = (page: Page, name: string) => page.getByRole('option', { name: new RegExp(name) })
const header = (page: Page) => page.locator('[data-open-conversation] header')
const chip = (page: Page, name: string) => header(page).locator('[data-tag]', { hasText: name })
const picker = (page: Page) => page.getByRole('dialog', { name: /Etiquetas de la de/ })

async function tagsInDatabase(world: World): Promise<string[]> {
  const { rows } = await world.pool.query<{ name: string }>(
    'SELECT t.name FROM conversation_tags JOIN tags t ON t.id = tag_id ORDER BY t.name',
  )
  return rows.map(({ name }) => name)
}

async function openRow(page: Page, name: string): Promise<void> {
  // Under the pointer the list keeps its order and lets nothing in.
  await page.mouse.move(700, 20)
  await row(page, name).click()
  await page.mouse.move(700, 20)
  await expect(page.getByRole('region', { name: `Conversación con ${name}` })).toBeVisible()
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
}

async function pick(page: Page, words: string): Promise<void> {
  await page.keyboard.press('l')
  await expect(picker(page)).toBeVisible()
  await page.keyboard.type(words)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await expect(picker(page)).toHaveCount(0)
}

test('a lead makes tags, whose names nobody else’s may have', async ({ world, signIn }) => {
  const { page, problems } = await signIn(
    await world.addPerson({ fullName: 'Rosa Elizondo', role: 'team_lead', teams: ['sales'] }),
  )
  await page.keyboard.press('g')
  await page.keyboard.press('k')
  await expect(page.getByRole('main', { name: 'Etiquetas' })).toBeVisible()
  await expect(page.getByText('Aún no hay etiquetas')).toBeVisible()
  for (const [name, color] of [
    ['Cobro duplicado', 'Naranja'],
    ['Reposición', 'Violeta'],
  ] as const) {
    await page.getByRole('button', { name: 'Nueva etiqueta' }).click()
    await page.getByRole('textbox', { name: 'Nombre' }).fill(name)
    await page.getByRole('radio', { name: color }).check({ force: true })
    await page.getByRole('button', { name: 'Guardar etiqueta' }).click()
    await expect(page.locator('[data-tag]', { hasText: name })).toBeVisible()
  }
  await page.getByRole('button', { name: 'Nueva etiqueta' }).click()
  await page.getByRole('textbox', { name: 'Nombre' }).fill('reposición')
  await page.getByRole('button', { name: 'Guardar etiqueta' }).click()
  await expect(page.getByRole('alert')).toContainText('Ya hay una etiqueta con ese nombre.')
  await page.getByRole('button', { name: 'Cancelar' }).click()
  for (const theme of ['light', 'dark'] as const) {
    await page.evaluate((to) => window.parley.call('preferences.set', { theme: to }), theme)
    await expect(page.locator(`html[data-theme=${theme}]`)).toBeAttached()
    expect((await new AxeBuilder({ page: page }).setLegacyMode().analyze()).violations).toEqual([])
    await page.screenshot({ path: test.info().outputPath(`tags-screen-${theme}.png`) })
  }
  expect(problems).toEqual([])
})

test('an agent tags by one key, also offline, and finds by tags', async ({ world, signIn }) => {
  test.setTimeout(120_000)
  await world.pool.query(
    `INSERT INTO tags (name, color) VALUES ('Cobro duplicado', '#F97316'), ('Reposición', '#8B5CF6')`,
  )
  const { page, problems } = await signIn(
    await world.addPerson({ fullName: 'Mariana Solís', role: 'agent', teams: ['sales'] }),
  )
  await world.write(LUCIA, 'Quiero comprar un plan')
  await world.write(OSCAR, 'Quiero comprar otro plan')
  await openRow(page, OSCAR.name)
  await openRow(page, LUCIA.name)
  await pick(page, 'reposicion')
  await expect(chip(page, 'Reposición')).toBeVisible()
  await eventually(() => tagsInDatabase(world)).toEqual(['Reposición'])
  await expect(page.getByRole('log')).toContainText('Le pusiste la etiqueta Reposición')

  await world.killServer()
  await expect(page.locator('html[data-connection=offline]')).toBeAttached()
  await pick(page, 'cobro')
  await expect(chip(page, 'Cobro duplicado')).toBeVisible()
  await chip(page, 'Reposición').getByRole('button').click()
  await expect(chip(page, 'Reposición')).toHaveCount(0)
  await expect(row(page, LUCIA.name).getByRole('img', { name: /Etiquetas/ })).toHaveAttribute(
    'aria-label',
    'Etiquetas: Cobro duplicado',
  )
  // What is shown offline is found offline, too.
  await page.locator('[data-list-filter]').click()
  await page.getByRole('menuitemcheckbox', { name: 'Cobro duplicado' }).click()
  await page.mouse.move(700, 20)
  await expect(row(page, LUCIA.name)).toBeVisible()
  await expect(row(page, OSCAR.name)).toHaveCount(0)
  await page.screenshot({ path: test.info().outputPath('tags-offline.png') })
  await page.keyboard.press('Control+k')
  await page.keyboard.type('tag:"cobro duplicado"')
  await expect(page.getByRole('dialog').getByRole('option', { name: LUCIA.name })).toBeVisible()
  await expect(page.getByRole('dialog').getByRole('option', { name: OSCAR.name })).toHaveCount(0)
  await page.keyboard.press('Escape')

  await world.startServer()
  await expect(page.locator('html[data-connection=online]')).toBeAttached({ timeout: 30_000 })
  await eventually(() => tagsInDatabase(world)).toEqual(['Cobro duplicado'])
  await expect(chip(page, 'Cobro duplicado')).toBeVisible()
  expect(problems).toEqual([])
})

test('a team that asks for a tag closes with one, which its lead can make on the spot', async ({
  world,
  signIn,
}) => {
  const { page, problems } = await signIn(
    await world.addPerson({ fullName: 'Rosa Elizondo', role: 'team_lead', teams: ['sales'] }),
  )
  await world.write(LUCIA, 'Quiero comprar un plan')
  await page.keyboard.press('g')
  await page.keyboard.press('k')
  const rule = page.getByRole('checkbox', { name: 'Sales' })
  await rule.click()
  await expect(rule).toBeChecked()
  await rule.blur()
  await page.keyboard.press('g')
  await page.keyboard.press('m')
  await openRow(page, LUCIA.name)
  const close = async () => {
    await page.keyboard.press('e')
    await page.getByRole('menuitem', { name: /Resuelta/ }).click()
  }
  await close()
  await expect(page.getByText('Falta una etiqueta.')).toBeVisible()
  await page.screenshot({ path: test.info().outputPath('tag-missing.png') })
  await page.keyboard.press('l')
  await expect(picker(page)).toBeVisible()
  await page.keyboard.type('Venta nueva')
  await expect(picker(page)).toContainText('Crear «Venta nueva»')
  await page.screenshot({ path: test.info().outputPath('tag-picker.png') })
  await page.keyboard.press('Enter')
  await expect(picker(page).getByRole('option', { name: /Venta nueva/ })).toHaveAttribute(
    'aria-checked',
    'true',
  )
  await page.keyboard.press('Escape')
  await expect(chip(page, 'Venta nueva')).toBeVisible()
  await close()
  await eventually(async () => {
    const { rows } = await world.pool.query<{ status: string }>('SELECT status FROM conversations')
    return rows.map(({ status }) => status)
  }).toEqual(['closed'])
  expect(problems).toEqual([])
})
