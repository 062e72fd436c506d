import { expect } from '@playwright/test'

import { test } from './support/crew.ts'
import { eventually } from './support/eventually.ts'

test('a supervisor writes a rule, tries it on the past, saves it, and the next customer is placed by it', async ({
  world,
  signIn,
}) => {
  const lucia = { phone: '5215550192093', name: 'Lucía Barrientos' }
  const oscar = { phone: '5215550192094', name: 'Óscar Villaseñor' }
  await world.write(lucia, 'Quiero hablar de mi vajilla de talavera')
  const placeOf = async (phone: string): Promise<string | null> => {
    const { rows } = await world.pool.query<{ placed: string }>(
      `SELECT concat_ws(' ', t.slug, c.priority) AS placed
       FROM conversations c JOIN customers u ON u.id = c.customer_id JOIN teams t ON t.id = c.team_id
       WHERE u.external_id = $1`,
      [`+${phone}`],
    )
    return rows[0]?.placed ?? null
  }
  await eventually(() => placeOf(lucia.phone)).toBe('customer_service normal')
  const supervisor = await world.addPerson({
    fullName: 'Sandra Uribe',
    role: 'supervisor',
    teams: ['sales'],
    capacity: 0,
  })
  const { page, problems } = await signIn(supervisor)
  await page.keyboard.press('g')
  await page.keyboard.press('i')
  await page.getByRole('button', { name: 'Nueva regla' }).first().click()
  await page.getByLabel('Nombre', { exact: true }).fill('Talavera')
  await page.getByRole('button', { name: 'Condición' }).first().click()
  await page.getByPlaceholder('Palabra o frase, Enter').fill('talavera')
  await page.keyboard.press('Enter')
  await page.getByLabel('Equipo').selectOption({ label: 'Sales' })
  await page.getByLabel('Prioridad').selectOption({ label: 'Urgente' })

  await page.getByRole('button', { name: 'Ensayo', exact: true }).click()
  await page.getByRole('button', { name: /Ensayar|Probar/ }).click()
  await expect(page.getByText('vajilla de talavera')).toBeVisible()
  expect(await placeOf(lucia.phone)).toBe('customer_service normal')

  await page.getByRole('button', { name: 'Reglas', exact: true }).click()
  await page.keyboard.press('Control+s')
  await expect(page.getByText('Vale la versión 1')).toBeVisible()
  await world.write(oscar, 'Busco talavera de Puebla')
  await eventually(() => placeOf(oscar.phone)).toBe('sales urgent')
  expect(problems).toEqual([])
})
