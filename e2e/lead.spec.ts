import { expect } from '@playwright/test'

import { test } from './support/crew.ts'

test('a lead sees what the queue waits for, changes how it routes, and runs the past again', async ({
  world,
  signIn,
}) => {
  const lead = await world.addPerson({
    fullName: 'Lidia Ochoa',
    role: 'team_lead',
    teams: ['sales'],
    capacity: 0,
  })
  const { page, problems } = await signIn(lead)
  await world.write({ phone: '5215550192093', name: 'Lucía Barrientos' }, 'Quiero comprar un plan')
  await page.keyboard.press('g')
  await page.keyboard.press('l')
  const queued = page
    .getByRole('row', { name: /Lucía Barrientos/ })
    .or(page.getByRole('option', { name: /Lucía Barrientos/ }))
  await expect(queued.first()).toContainText('Sin cupo libre')

  await page.keyboard.press('g')
  await page.keyboard.press('r')
  await page.getByLabel('Cómo se reparten').selectOption('offer')
  await page.getByRole('button', { name: 'Guardar', exact: true }).click()
  await expect(page.getByText(/Guardado a las?/)).toBeVisible()
  const { rows } = await world.pool.query(
    'SELECT routing_mode, updated_by FROM team_settings WHERE team_id = $1',
    [world.teams.sales],
  )
  expect(rows).toEqual([{ routing_mode: 'offer', updated_by: lead.id }])

  await page.getByRole('button', { name: 'Simular', exact: true }).first().click()
  await page.getByRole('button', { name: 'Simular', exact: true }).last().click()
  await expect(page.getByText(/En realidad hubo/)).toBeVisible()
  await expect(page.getByText('Espera media').first()).toBeVisible()
  expect(problems).toEqual([])
})

test('what is not saved is marked and waits, a key saves it, and who was faster is named', async ({
  world,
  signIn,
}) => {
  const { page, problems } = await signIn(
    await world.addPerson({ fullName: 'Lidia Ochoa', role: 'team_lead', teams: ['sales'] }),
  )
  const paola = await world.addPerson({
    fullName: 'Paola Aréchiga',
    role: 'team_lead',
    teams: ['sales'],
  })
  const stored = async () => {
    const { rows } = await world.pool.query<{ seconds: number }>(
      'SELECT wrap_up_seconds AS seconds FROM team_settings WHERE team_id = $1',
      [world.teams.sales],
    )
    return rows[0]?.seconds
  }
  await page.keyboard.press('g')
  await page.keyboard.press('r')
  const field = page.locator('[data-field=wrapUpSeconds]')
  await field.fill('90')
  const part = page.getByRole('main').getByRole('button', { name: 'Ajustes', exact: true })
  await expect(part).toHaveAttribute('data-unsaved')
  await page.getByRole('button', { name: 'Niveles', exact: true }).click()
  await expect(page.locator('nav').getByRole('button', { name: /Enrutamiento/ })).toContainText(
    'Cambios sin guardar.',
  )
  await world.pool.query(
    `UPDATE team_settings
     SET wrap_up_seconds = 45, version = version + 1, updated_by = $2, updated_at = NOW()
     WHERE team_id = $1`,
    [world.teams.sales, paola.id],
  )
  // Back on the screen theirs has been read, and what is typed is still upon what was there before.
  await page.keyboard.press('g')
  await page.keyboard.press('l')
  await expect(page.locator('[data-screen=watch]')).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('r')
  await expect(field).toHaveValue('90')
  await field.press('Control+s')
  await expect(page.getByRole('alert')).toContainText(
    /Paola Aréchiga guardó otros ajustes a las? .* Tus cambios siguen aquí/,
  )
  expect(await stored()).toBe(45)
  await page.getByRole('button', { name: 'Guardar los míos' }).click()
  await expect(page.getByText(/Guardado a las?/)).toBeVisible()
  expect(await stored()).toBe(90)
  await expect(page.locator('[data-unsaved]')).toHaveCount(0)
  expect(problems).toEqual([])
})
