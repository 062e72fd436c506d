import { expect, type Page } from '@playwright/test'

import { test } from './support/crew.ts'
import { eventually } from './support/eventually.ts'
import { type Person, type World } from './support/world.ts'

const LUCIA = { phone: '5215550192093', name: 'Lucía Barrientos' }
const OSCAR = { phone: '5215550192094', name: 'Óscar Villaseñor' }

const row = (page: Page, name: string) => page.getByRole('option', { name: new RegExp(name) })
const offer = (page: Page, name: string) => page.getByRole('group', { name: `Oferta: ${name}` })

function seller(world: World, fullName: string, capacity = 5): Promise<Person> {
  return world.addPerson({ fullName, role: 'agent', teams: ['sales'], capacity })
}

async function setSales(world: World, column: string, value: unknown): Promise<void> {
  await world.pool.query(`UPDATE team_settings SET ${column} = $2 WHERE team_id = $1`, [
    world.teams.sales,
    value,
  ])
}

async function countOf(world: World, { id }: Person): Promise<number | null> {
  const { rowCount } = await world.pool.query(
    'SELECT 1 FROM conversations WHERE assigned_to = $1',
    [id],
  )
  return rowCount
}

async function presenceOf(world: World, { id }: Person): Promise<string> {
  const { rows } = await world.pool.query<{ presence: string }>(
    `SELECT concat_ws(' ', status, reason, CASE WHEN is_finishing THEN 'finishing' END) AS presence
     FROM agent_presence WHERE user_id = $1`,
    [id],
  )
  return rows[0]?.presence ?? ''
}

test('an offer counts down and is taken by its key, without a hand on the mouse', async ({
  world,
  signIn,
}) => {
  await setSales(world, 'routing_mode', 'offer')
  const { page, problems } = await signIn(await seller(world, 'Mariana Solís'))
  await world.write(LUCIA, 'Quiero comprar un plan')
  await expect(offer(page, 'Lucía Barrientos')).toBeVisible()
  await expect(offer(page, 'Lucía Barrientos').getByRole('timer')).toBeVisible()
  // It has taken no focus: its keys do nothing until somebody goes there.
  await page.keyboard.press('a')
  await page.keyboard.press('Escape')
  await expect(offer(page, 'Lucía Barrientos')).toHaveAttribute('data-offer-state', 'open')
  await page.keyboard.press('g')
  await page.keyboard.press('f')
  await expect(offer(page, 'Lucía Barrientos')).toBeFocused()
  await page.keyboard.press('a')
  await expect(
    page.locator('[data-open-conversation]', { hasText: 'Lucía Barrientos' }),
  ).toBeVisible()
  await expect(page.getByRole('log')).toContainText('Quiero comprar un plan')
  await expect(offer(page, 'Lucía Barrientos')).toHaveCount(0)
  expect(problems).toEqual([])
})

test('an offer that is passed goes to a colleague, who sees why it is theirs', async ({
  world,
  signIn,
}) => {
  await setSales(world, 'routing_mode', 'offer')
  const crew = [
    await signIn(await seller(world, 'Mariana Solís')),
    await signIn(await seller(world, 'Bruno Lara')),
  ]
  await world.write(LUCIA, 'Quiero comprar un plan')
  const whoIsAsked = async (): Promise<number> => {
    const counts = await Promise.all(
      crew.map(({ page }) => offer(page, 'Lucía Barrientos').count()),
    )
    return counts.indexOf(1)
  }
  await eventually(whoIsAsked).not.toBe(-1)
  const asked = await whoIsAsked()
  const first = crew[asked]?.page as Page
  const second = crew[1 - asked]?.page as Page
  await offer(first, 'Lucía Barrientos').getByRole('button', { name: 'Pasar' }).click()
  await expect(offer(second, 'Lucía Barrientos')).toBeVisible()
  await offer(second, 'Lucía Barrientos').getByRole('button', { name: 'Aceptar' }).click()
  await second.getByRole('button', { name: /Por qué tú/ }).click()
  await expect(second.getByRole('log')).toContainText(/única persona|única/i)
  await expect(row(first, 'Lucía Barrientos')).toHaveCount(0)
})

test('sleep and idleness hand nothing to an empty chair, and coming back is enough', async ({
  world,
  signIn,
}) => {
  test.setTimeout(150_000)
  const mariana = await seller(world, 'Mariana Solís')
  const { app, page } = await signIn(mariana)
  await eventually(() => presenceOf(world, mariana)).toBe('online')
  const setIdleSeconds = (seconds: number): Promise<void> =>
    app.evaluate(({ powerMonitor }, idle) => {
      powerMonitor.getSystemIdleTime = () => idle
    }, seconds)
  await setIdleSeconds(301)
  await eventually(() => presenceOf(world, mariana), { timeout: 40_000 }).toBe('away idle')
  await setIdleSeconds(0)
  await eventually(() => presenceOf(world, mariana), { timeout: 40_000 }).toBe('online')
  await app.evaluate(({ powerMonitor }) => powerMonitor.emit('suspend'))
  await eventually(() => presenceOf(world, mariana)).toBe('away asleep')
  await world.write(LUCIA, 'Quiero comprar un plan')
  await eventually(async () => {
    const { rows } = await world.pool.query<{ status: string }>('SELECT status FROM conversations')
    return rows.map(({ status }) => status)
  }).toEqual(['queued'])
  await app.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'))
  await eventually(() => presenceOf(world, mariana)).toBe('online')
  await expect(row(page, 'Lucía Barrientos')).toBeVisible()
  await eventually(async () => {
    const { rows } = await world.pool.query<{ assigned_to: string }>(
      'SELECT assigned_to FROM conversations',
    )
    return rows.map(({ assigned_to }) => assigned_to)
  }).toEqual([mariana.id])
})

test('at the end of a shift what waits goes back, and a colleague has it', async ({
  world,
  signIn,
}) => {
  const mariana = await seller(world, 'Mariana Solís')
  const bruno = await seller(world, 'Bruno Lara')
  const first = await signIn(mariana)
  await world.write(LUCIA, 'Quiero comprar un plan')
  await expect(row(first.page, 'Lucía Barrientos')).toBeVisible()
  await eventually(() => countOf(world, mariana)).toBe(1)
  const second = await signIn(bruno)

  await first.page.getByRole('button', { name: /Presencia y cupo/ }).click()
  await first.page.getByRole('menuitem', { name: /Terminar y devolver el resto/ }).click()
  await first.page.getByRole('button', { name: 'Terminar y devolver' }).click()
  await eventually(() => presenceOf(world, mariana)).toBe('online finishing')
  await expect(first.page.getByText('Terminando turno').first()).toBeVisible()
  await eventually(() => countOf(world, bruno)).toBe(1)
  await expect(row(second.page, 'Lucía Barrientos')).toBeVisible()
  await world.write(OSCAR, 'Quiero un precio')
  await eventually(() => countOf(world, bruno)).toBe(2)
})

test('what waits too long overflows to another team, and leaves the lists of the first', async ({
  world,
  signIn,
}) => {
  await setSales(world, 'overflow_team_id', world.teams.support)
  const lead = await world.addPerson({
    fullName: 'Lidia Ochoa',
    role: 'team_lead',
    teams: ['sales'],
  })
  const tomas = await world.addPerson({
    fullName: 'Tomás Rivas',
    role: 'agent',
    teams: ['support'],
  })
  const leading = await signIn(lead)
  const support = await signIn(tomas)
  await world.pool.query(`UPDATE agent_presence SET capacity = 0 WHERE user_id = $1`, [lead.id])
  await world.write(LUCIA, 'Quiero comprar un plan')
  await leading.page.keyboard.press('g')
  await leading.page.keyboard.press('o')
  await expect(row(leading.page, 'Lucía Barrientos')).toBeVisible()
  await setSales(world, 'overflow_after_seconds', 1)
  await expect(row(support.page, 'Lucía Barrientos')).toBeVisible()
  // The list holds still under the hand, and says so.
  await expect(row(leading.page, 'Lucía Barrientos')).toContainText('Ya no está en esta lista')
  await leading.page.getByRole('button', { name: '1 cambio' }).click()
  await expect(row(leading.page, 'Lucía Barrientos')).toHaveCount(0)
})
