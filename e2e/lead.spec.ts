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
  await expect(page.getByText(/Guardado a las/)).toBeVisible()
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
