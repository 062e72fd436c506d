/// <reference lib="dom" />
import AxeBuilder from '@axe-core/playwright'
import { expect, type Locator, type Page } from '@playwright/test'

import { test, type StaffedWorkstation } from './support/crew.ts'
import {
  age,
  dueAtMs,
  ownerOf,
  placed,
  promise,
  promiseAnew,
  type Promised,
} from './support/service-level.ts'
import { eventually } from './support/eventually.ts'
import { type Person, type World } from './support/world.ts'

/** The service levels on the screen: what people see count down, set, look back on and acknowledge. */

const LUCIA = { phone: '5215550192093', name: 'Lucía Barrientos' }
const OSCAR = { phone: '5215550192094', name: 'Óscar Villaseñor' }
const HECTOR = { phone: '5215550192095', name: 'Héctor Quintanilla' }

const DAY = 86_400
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Over at once, and before anybody could have answered. */
const BROKEN: Partial<Promised> = { firstResponseSeconds: 1 }

test.setTimeout(120_000)

const lead = (world: World, fullName = 'Lidia Ochoa'): Promise<Person> =>
  world.addPerson({ fullName, role: 'team_lead', teams: ['sales'] })
const agent = (world: World, fullName = 'Mariana Solís'): Promise<Person> =>
  world.addPerson({ fullName, role: 'agent', teams: ['sales'] })

const row = (page: Page, name: string) => page.getByRole('option', { name: new RegExp(name) })
const openConversation = (page: Page, name: string) =>
  page.locator('[data-open-conversation]', { hasText: name })
const clock = (place: Locator, name: string) => place.locator(`[data-clock=${name}]`)
const customersOf = async (page: Page): Promise<string[]> => {
  const rows = await page.getByRole('listbox').getByRole('option').allInnerTexts()
  return rows.map((text) => text.split('\n')[0] ?? '')
}

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

/** In nobody's field, and with no pointer over the list: it is free to change. */
async function handsOff(page: Page): Promise<void> {
  await page.mouse.move(700, 20)
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
}

async function openRow(page: Page, name: string): Promise<void> {
  await handsOff(page)
  await row(page, name).click()
  await expect(openConversation(page, name)).toBeVisible()
  await handsOff(page)
}

async function claim(page: Page, world: World, name: string, id: string): Promise<void> {
  await press(page, 'g', 'q')
  await openRow(page, name)
  await press(page, 'c')
  await eventually(() => ownerOf(world, id)).not.toBeNull()
}

async function written(world: World, customer: typeof LUCIA): Promise<string> {
  await world.write(customer, 'Quiero comprar un plan')
  return placed(world, customer)
}

/** A shorter first response for what is urgent than for the rest. */
async function promiseUrgent(world: World, seconds: number): Promise<void> {
  await world.pool.query(
    `UPDATE sla_policies SET frt_target_seconds = $2 WHERE team_id = $1 AND priority = 'urgent'`,
    [world.teams.sales, seconds],
  )
}

async function breaches(world: World): Promise<number | null> {
  return (await world.pool.query('SELECT 1 FROM sla_violations')).rowCount
}

const choose = (page: Page, label: string, option: string) =>
  page
    .getByRole('group', { name: label })
    .getByRole('button', { name: option, exact: true })
    .click()

// First, because it is the longest: with two workers nobody waits for the other at the end.
test('nothing of it in either theme keeps anybody out', async ({ world, signIn }) => {
  test.setTimeout(180_000)
  await promise(world, {})
  const { app, page } = await signIn(await lead(world))
  await written(world, LUCIA)
  const oscar = await written(world, OSCAR)
  await promiseAnew(world, BROKEN)
  await eventually(() => breaches(world)).toBe(2)
  await promise(world, { firstResponseSeconds: 3 * DAY, escalationSeconds: 1 })
  await written(world, HECTOR)
  await expect(page.locator('[data-worst-alert=escalation]')).toBeAttached()
  await eventually(() => app.windows().length).toBe(2)
  const small = app.windows().find((window) => window !== page) as Page
  await expect(small.getByText(HECTOR.name)).toBeVisible()
  await inBothThemes(page, small, 'small window')

  await handsOff(page)
  await press(page, 'g', 't')
  await expect(page.locator('[data-wallboard-team]').first()).toBeVisible()
  await expect(page.getByRole('listbox').getByRole('option').first()).toBeVisible()
  await inBothThemes(page, page, 'wallboard')
  await press(page, 'g', 'a')
  await expect(page.getByRole('alertdialog')).toHaveCount(1)
  await inBothThemes(page, page, 'alerts')
  await page.getByText('Avisos', { exact: true }).click()
  await page.locator('[data-field=quiet]').check()
  await inBothThemes(page, page, 'preferences')

  // What the form would accept.
  await promise(world, { firstResponseSeconds: 3 * DAY })
  await age(world, oscar, 30)
  await handsOff(page)
  await press(page, 'g', 'n')
  await page.locator('[data-field="normal.firstResponse"]').fill('20 min')
  await page.getByRole('button', { name: 'Ver efecto' }).click()
  await expect(page.locator('[data-effect]')).toBeVisible()
  await inBothThemes(page, page, 'targets')
  await page.getByText('Horario', { exact: true }).click()
  await page
    .locator('[data-day="0"]')
    .getByRole('button', { name: /Otro horario/ })
    .click()
  await page.locator('[data-day="0"]').getByLabel(/^Abre/).fill('9')
  await page
    .locator('[data-day="0"]')
    .getByLabel(/^Cierra/)
    .fill('18')
  await page.getByRole('button', { name: 'Agregar día' }).click()
  await inBothThemes(page, page, 'hours')
  await page.getByText('Vencidas', { exact: true }).first().click()
  await expect(page.locator('[data-violation-id]').first()).toBeVisible()
  await inBothThemes(page, page, 'breaches')
})

test('an agent sees what is due, in which order, offline as well, and what came of it', async ({
  world,
  signIn,
}) => {
  const { page, problems } = await signIn(await agent(world))
  await promise(world, { firstResponseSeconds: 3 * DAY })
  const oscar = await written(world, OSCAR)
  await world.pool.query(`UPDATE conversations SET priority = 'urgent' WHERE id = $1`, [oscar])
  await promise(world, { firstResponseSeconds: 300, warningPercent: 1 })
  const lucia = await written(world, LUCIA)
  await promise(world, BROKEN)
  await written(world, HECTOR)
  await eventually(() => breaches(world)).toBe(1)

  await press(page, 'g', 'q')
  await handsOff(page)
  await expect(clock(row(page, 'Héctor'), 'first_response')).toHaveAttribute(
    'data-clock-state',
    'breached',
  )
  await expect(clock(row(page, 'Lucía'), 'first_response')).toHaveAttribute(
    'data-clock-state',
    'warning',
  )
  await expect(clock(row(page, 'Óscar'), 'first_response')).toHaveAttribute(
    'data-clock-state',
    'on_time',
  )
  await eventually(() => customersOf(page)).toEqual([OSCAR.name, HECTOR.name, LUCIA.name])
  await press(page, 'v')
  await eventually(() => customersOf(page)).toEqual([HECTOR.name, LUCIA.name, OSCAR.name])
  const shown = page.locator('[data-list-filter]')
  await shown.click()
  await page.getByRole('menuitemcheckbox', { name: 'Vencidas', exact: true }).click()
  await handsOff(page)
  await eventually(() => customersOf(page)).toEqual([HECTOR.name])
  await shown.click()
  await page.getByRole('menuitemcheckbox', { name: 'Por vencer y vencidas' }).click()
  await handsOff(page)
  await eventually(() => customersOf(page)).toEqual([HECTOR.name, LUCIA.name])

  await openRow(page, 'Lucía Barrientos')
  await press(page, 'c')
  await eventually(() => ownerOf(world, lucia)).not.toBeNull()
  const header = openConversation(page, 'Lucía Barrientos').locator('header')
  await expect(clock(header, 'first_response')).toHaveAttribute('data-clock-state', 'warning')
  await world.killServer()
  await expect(page.locator('html[data-connection=offline]')).toBeAttached()
  await expect(page.getByText(/Sin conexión/).first()).toBeVisible()
  for (const place of [header, row(page, 'Lucía')]) {
    const before = await clock(place, 'first_response').innerText()
    await expect(clock(place, 'first_response')).not.toHaveText(before)
    await expect(clock(place, 'first_response')).toHaveText(/\b[0-4]:\d\d$/)
  }
  await world.startServer()
  await expect(page.locator('html[data-connection=online]')).toBeAttached({ timeout: 30_000 })

  // Its own promise again: an answer has the clocks computed by what is promised then.
  await promise(world, { firstResponseSeconds: 300, warningPercent: 1 })
  await page.getByRole('textbox', { name: /Respuesta a/ }).fill('Claro que sí')
  await page.keyboard.press('Enter')
  await expect(clock(header, 'first_response')).toHaveAttribute('data-clock-state', 'met')
  await expect(clock(header, 'resolution')).toHaveAttribute('data-clock-state', 'paused')
  expect(problems).toEqual([])
})

test('a lead sees what other targets would do before they are saved; a colleague who was slower loses nothing', async ({
  world,
  signIn,
}) => {
  await promise(world, { firstResponseSeconds: 3 * DAY })
  const first = await lead(world)
  const leading = await signIn(first)
  const slower = await signIn(await lead(world, 'Paola Aréchiga'))
  const answering = await signIn(await agent(world))
  const lucia = await written(world, LUCIA)
  const oscar = await written(world, OSCAR)
  await age(world, oscar, 30)
  await press(answering.page, 'g', 'q')
  await handsOff(answering.page)
  const seen = clock(row(answering.page, 'Lucía'), 'first_response')
  await expect(seen).toHaveText(/\b[23] d/)
  const field = ({ page }: StaffedWorkstation) =>
    page.locator('[data-field="normal.firstResponse"]')
  for (const { page } of [leading, slower]) {
    await press(page, 'g', 'n')
    await expect(page.locator('[data-field="normal.firstResponse"]')).toHaveValue('3 d')
  }

  const { page } = leading
  await field(leading).fill('20 min')
  await page.getByRole('button', { name: 'Ver efecto' }).click()
  const effect = page.locator('[data-effect]')
  await expect(effect).toContainText('2 conversaciones abiertas')
  await expect(effect).toContainText('1 plazo quedaría vencido al guardar.')
  await expect(
    effect.getByRole('listitem').filter({ hasText: 'vencido al guardar' }),
  ).toContainText(OSCAR.name)
  expect(await breaches(world)).toBe(0)
  await page.getByRole('button', { name: 'Guardar', exact: true }).click()
  await expect(page.getByText(/Guardado a las?|Se está recalculando/)).toBeVisible()
  await eventually(() => breaches(world)).toBe(1)
  await expect(clock(row(answering.page, 'Óscar'), 'first_response')).toHaveAttribute(
    'data-clock-state',
    'breached',
  )
  await expect(seen).toHaveText(/\b(1\d|20) min/)
  expect(await dueAtMs(world, lucia, 'first_response')).toBeLessThan(Date.now() + 21 * MINUTE_MS)

  await field(slower).fill('45 min')
  await slower.page.getByRole('button', { name: 'Ver efecto' }).click()
  await slower.page.getByRole('button', { name: 'Guardar', exact: true }).click()
  await expect(slower.page.getByText(/Lidia Ochoa guardó otros ajustes/)).toBeVisible()
  await expect(field(slower)).toHaveValue('45 min')
  const stored = async () => {
    const { rows } = await world.pool.query<{ seconds: number }>(
      `SELECT frt_target_seconds AS seconds FROM sla_policies WHERE team_id = $1 AND priority = 'normal'`,
      [world.teams.sales],
    )
    return rows[0]?.seconds
  }
  expect(await stored()).toBe(20 * 60)
  await slower.page.getByRole('button', { name: 'Guardar los míos' }).click()
  await eventually(stored).toBe(45 * 60)
  await expect(seen).toHaveText(/\b(3\d|4\d) min/)
  for (const { problems } of [leading, slower, answering]) expect(problems).toEqual([])
})

test('business hours: what overlaps is said at its row and not saved, what is saved moves what is due', async ({
  world,
  signIn,
}) => {
  // More than a Monday has: whenever this runs, such hours move it.
  await promise(world, { firstResponseSeconds: DAY / 2 })
  await promiseUrgent(world, 30 * 60)
  const { page, problems } = await signIn(await lead(world))
  const lucia = await written(world, LUCIA)
  const before = await dueAtMs(world, lucia, 'first_response')
  await press(page, 'g', 'n')
  await page.getByText('Horario', { exact: true }).click()
  await expect(page.getByText(/el equipo está abierto siempre/)).toBeVisible()
  await page.locator('[data-field=timeZone]').fill('America/Mexico_City')
  const monday = page.locator('[data-day="0"]')
  const opens = monday.getByLabel(/^Abre el/)
  const closes = monday.getByLabel(/^Cierra el/)
  for (const index of [0, 1]) {
    await monday.getByRole('button', { name: /Otro horario/ }).click()
    await expect(opens).toHaveCount(index + 1)
  }
  await opens.nth(0).fill('9')
  await closes.nth(0).fill('14')
  await opens.nth(1).fill('13')
  await closes.nth(1).fill('18')
  await expect(monday.getByRole('alert')).toHaveText('Se encima con otro horario del día.')
  await page.getByRole('button', { name: 'Ver efecto' }).click()
  await expect(page.locator('[data-effect]')).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Guardar', exact: true })).toHaveCount(0)
  const windows = 'SELECT 1 FROM business_hours WHERE team_id = $1'
  expect((await world.pool.query(windows, [world.teams.sales])).rowCount).toBe(0)
  await opens.nth(1).fill('15:30')
  await expect(monday.getByRole('alert')).toHaveCount(0)

  await page.getByRole('button', { name: 'Agregar día' }).click()
  await page.getByLabel('Fecha').fill('2027-01-01')
  await page.getByLabel('Nombre del día').fill('Año Nuevo')
  await page.getByLabel('Día del mensaje').selectOption({ label: 'lunes' })
  await page.getByLabel('Hora del mensaje').fill('13:50')
  await page
    .getByRole('complementary', { name: 'Qué significa' })
    .getByLabel('Prioridad')
    .selectOption('urgent')
  // Ten minutes before the break, twenty after it.
  await expect(page.locator('[data-what-if]')).toContainText(/vence .*15:50/)
  await page.getByRole('button', { name: 'Ver efecto' }).click()
  await expect(page.locator('[data-effect]')).toBeVisible()
  await page.getByRole('button', { name: 'Guardar', exact: true }).click()
  await expect(page.getByText(/Guardado a las?|Se está recalculando/)).toBeVisible()

  await page.reload()
  await expect(page.getByRole('navigation')).toBeVisible()
  await press(page, 'g', 'n')
  await page.getByText('Horario', { exact: true }).click()
  await expect(opens).toHaveCount(2)
  const times = () =>
    Promise.all(
      [opens.nth(0), closes.nth(0), opens.nth(1), closes.nth(1)].map((one) => one.inputValue()),
    )
  expect(await times()).toEqual(['09:00', '14:00', '15:30', '18:00'])
  await expect(page.locator('[data-holiday="2027-01-01"]')).toBeVisible()
  await expect(page.getByLabel('Nombre del día')).toHaveValue('Año Nuevo')
  await expect(page.locator('[data-field=timeZone]')).toHaveValue('America/Mexico_City')
  await eventually(() => dueAtMs(world, lucia, 'first_response')).not.toBe(before)
  expect(problems).toEqual([])
})

test('a broken promise is listed, narrowed and opened; an agent finds their own alone', async ({
  world,
  signIn,
}) => {
  await promise(world, {})
  const mariana = await agent(world)
  const answering = await signIn(mariana)
  const leading = await signIn(await lead(world))
  const lucia = await written(world, LUCIA)
  await written(world, OSCAR)
  await claim(answering.page, world, 'Lucía Barrientos', lucia)
  await promiseAnew(world, BROKEN)
  await eventually(() => breaches(world)).toBe(2)

  for (const { page } of [answering, leading]) {
    await press(page, 'Escape', 'g', 'n')
    await page.getByText('Vencidas', { exact: true }).click()
  }
  const { page } = leading
  const found = page.locator('[data-violation-id]')
  await expect(page.locator('[data-violations="2"]')).toBeVisible()
  await expect(found).toHaveCount(2)
  await expect(found.filter({ hasText: LUCIA.name })).toContainText('Mariana Solís')
  await expect(found.filter({ hasText: LUCIA.name })).toContainText('aún corre')
  // The alerts of the same lie folded over the edge: they cover no column, and open under the pointer.
  await found.filter({ hasText: LUCIA.name }).getByText('Mariana Solís').click({ trial: true })
  const card = page.locator('[data-alerts="2"]').getByRole('alertdialog').first()
  await expect(card.getByText('La lleva')).not.toBeInViewport()
  await card.hover()
  await expect(card.getByText('La lleva')).toBeInViewport()
  await page.mouse.move(700, 20)
  await choose(page, 'Plazo', 'Resolución')
  await expect(page.getByText('Nada vencido en este periodo')).toBeVisible()
  await choose(page, 'Plazo', '1.ª respuesta')
  await expect(found).toHaveCount(2)
  await found.filter({ hasText: OSCAR.name }).getByRole('button').click()
  await expect(openConversation(page, OSCAR.name)).toBeVisible()

  const own = answering.page.locator('[data-violation-id]')
  await expect(own).toHaveCount(1)
  await expect(own).toContainText(LUCIA.name)
  for (const { problems } of [leading, answering]) expect(problems).toEqual([])
})

test('the wallboard shows who is next to be broken, and one key hands it to somebody', async ({
  world,
  signIn,
}) => {
  await promise(world, { firstResponseSeconds: 40 * 60 })
  const boss = await lead(world)
  const mariana = await agent(world)
  await signIn(mariana)
  const { page, problems } = await signIn(boss)
  const ids = new Map<string, string>()
  for (const customer of [LUCIA, OSCAR, HECTOR]) {
    ids.set(customer.name, await written(world, customer))
  }
  await age(world, ids.get(LUCIA.name) ?? '', 33)
  await age(world, ids.get(OSCAR.name) ?? '', 35)
  await age(world, ids.get(HECTOR.name) ?? '', 60)
  await promiseAnew(world, { firstResponseSeconds: 40 * 60 })
  await press(page, 'Escape', 'g', 't')
  const due = page.getByRole('listbox', { name: 'Vencidas y por vencer' })
  await eventually(() => customersOf(page)).toHaveLength(3)
  const order = async () => {
    const shown = await due.getByRole('option').allInnerTexts()
    return shown.map((text) => /Lucía|Óscar|Héctor/.exec(text)?.[0])
  }
  await eventually(order).toEqual(['Héctor', 'Óscar', 'Lucía'])
  await expect(clock(due, 'first_response').nth(0)).toHaveAttribute('data-clock-state', 'breached')
  await expect(clock(due, 'first_response').nth(1)).toHaveAttribute('data-clock-state', 'warning')
  await expect(clock(due, 'first_response').nth(2)).toHaveAttribute('data-clock-state', 'warning')

  const chosen = due.getByRole('option', { selected: true })
  // From outside, the first key goes to the most urgent one.
  for (const [key, name] of [
    ['j', 'Héctor'],
    ['j', 'Óscar'],
    ['j', 'Lucía'],
    ['k', 'Óscar'],
  ] as const) {
    await press(page, key)
    await expect(chosen).toContainText(name)
    await expect(due).toBeFocused()
  }
  await press(page, 't')
  await eventually(() => ownerOf(world, ids.get(OSCAR.name) ?? '')).toBe(boss.id)
  await expect(openConversation(page, OSCAR.name)).toBeVisible()

  await handsOff(page)
  await press(page, 'g', 't')
  await expect(due.getByRole('option')).toHaveCount(3)
  // With the focus nowhere the marked row has the keys that it shows.
  await expect(chosen).toContainText('Héctor')
  // One looks at it before one presses.
  await page.waitForTimeout(800)
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await press(page, 'Shift+A')
  await expect(page.getByRole('dialog')).toContainText('Héctor')
  await press(page, 'Escape')
  await press(page, 'j', 'End')
  await expect(chosen).toContainText('Lucía')
  await press(page, 'Shift+A')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.type('mariana')
  await expect(page.getByRole('dialog').getByRole('option', { name: /Mariana/ })).toBeVisible()
  await press(page, 'Enter')
  await eventually(() => ownerOf(world, ids.get(LUCIA.name) ?? '')).toBe(mariana.id)
  await expect(due.getByRole('option', { name: /Lucía/ })).toContainText('Mariana Solís')

  await world.killServer()
  await expect(page.locator('html[data-connection=offline]')).toBeAttached()
  await expect(page.getByText(/como a las? \d/)).toBeVisible()
  await expect(due.getByRole('option')).toHaveCount(3)
  const counting = clock(due.getByRole('option', { name: /Óscar/ }), 'first_response')
  const before = await counting.innerText()
  await expect(counting).not.toHaveText(before)
  expect(problems).toEqual([])
})

test('alerts are reached, acknowledged and listed with who did it, by keys alone', async ({
  world,
  signIn,
}) => {
  await promise(world, {})
  const boss = await lead(world)
  const { page, problems } = await signIn(boss)
  await written(world, LUCIA)
  await written(world, OSCAR)
  await promiseAnew(world, BROKEN)
  await expect(page.locator('[data-alert-count="2"]')).toBeAttached()
  await promise(world, { escalationSeconds: 1 })
  await written(world, HECTOR)
  await expect(page.locator('[data-alert-count="3"][data-worst-alert=escalation]')).toBeAttached()

  await handsOff(page)
  await press(page, 'g', 'a')
  const list = page.locator('[data-screen=alerts]')
  await expect(list.getByRole('alertdialog', { name: `Escalación: ${HECTOR.name}` })).toBeVisible()
  await expect(list.locator('[data-alert-kind=breach]')).toHaveCount(2)
  await press(page, 'Control+Shift+A')
  await expect(list.getByRole('alertdialog', { name: /Escalación/ })).toBeFocused()
  await press(page, 'a')
  await expect(list.getByRole('alertdialog')).toHaveCount(0)
  await expect(list.locator('[data-ended-alert]', { hasText: HECTOR.name })).toContainText(
    'acusó Lidia Ochoa',
  )
  // Lines have the same keys.
  await press(page, 'Control+Shift+A')
  const line = list.locator('[data-alert-kind=breach]:focus')
  const acknowledged = await line.getByText(/Lucía|Óscar/).innerText()
  await press(page, 'a')
  await expect(list.locator('[data-alert-kind=breach]')).toHaveCount(1)
  await expect(
    list.locator('[data-ended-alert]', { hasText: `${acknowledged}, vencida` }),
  ).toContainText('acusó Lidia Ochoa')
  await page.getByRole('button', { name: 'Acusar todas' }).click()
  await expect(list.locator('[data-alert-kind]')).toHaveCount(0)
  await expect(list.locator('[data-ended-alert]', { hasText: ', vencida' })).toContainText([
    'acusó Lidia Ochoa',
    'acusó Lidia Ochoa',
  ])
  await eventually(async () => {
    const { rows } = await world.pool.query<{ by: string; reason: string }>(
      `SELECT acknowledged_by AS by, end_reason AS reason FROM alerts WHERE kind <> 'warning'`,
    )
    return rows
  }).toEqual(Array.from({ length: 3 }, () => ({ by: boss.id, reason: 'acknowledged' })))
  await expect(page.locator('[data-alert-count="0"]')).toBeAttached()
  expect(problems).toEqual([])
})

test('how one wants to be told is the same on every workstation, and in quiet hours nothing sounds', async ({
  world,
  signIn,
}) => {
  await promise(world, {})
  const boss = await lead(world)
  const office = await signIn(boss)
  const home = await signIn(boss)
  const before = await notifications(office)
  await press(office.page, 'g', 'a')
  await office.page.getByText('Avisos', { exact: true }).click()
  await choose(office.page, 'Cómo se avisa: Por vencer', 'Nada')
  await office.page.locator('[data-field=quiet]').check()
  const [from, to] = [timeOfDay(-2 * HOUR_MS), timeOfDay(2 * HOUR_MS)]
  await office.page.locator('[data-field=quiet-from]').fill(from)
  await office.page.locator('[data-field=quiet-to]').fill(to)
  await office.page.getByRole('button', { name: 'Guardar', exact: true }).click()
  await expect(office.page.getByText(/Guardado a las?/)).toBeVisible()

  await press(home.page, 'g', 'a')
  await home.page.getByText('Avisos', { exact: true }).click()
  await expect(home.page.locator('[data-field=quiet]')).toBeChecked()
  await expect(home.page.locator('[data-field=quiet-from]')).toHaveValue(from)
  await expect(home.page.locator('[data-field=quiet-to]')).toHaveValue(to)

  await written(world, LUCIA)
  await promiseAnew(world, BROKEN)
  for (const { page } of [office, home]) {
    await page.getByText('Alertas', { exact: true }).last().click()
    await expect(page.locator('[data-screen=alerts] [data-alert-kind=breach]')).toContainText(
      LUCIA.name,
    )
  }
  // An escalation is told at any hour, and after the breach: had that been told, it would be there by now.
  await promise(world, { escalationSeconds: 1 })
  await written(world, HECTOR)
  await eventually(async () => (await notifications(office)).length).toBe(before.length + 1)
  expect((await notifications(office)).at(-1)).toContain(HECTOR.name)
  for (const { problems } of [office, home]) expect(problems).toEqual([])
})

test('a conversation is made urgent by a key: its clocks are others, and the thread says who did it', async ({
  world,
  signIn,
}) => {
  await promise(world, { firstResponseSeconds: 3 * DAY })
  await promiseUrgent(world, 20 * 60)
  const mariana = await agent(world)
  const answering = await signIn(mariana)
  const leading = await signIn(await lead(world))
  const lucia = await written(world, LUCIA)
  await claim(answering.page, world, 'Lucía Barrientos', lucia)
  await press(leading.page, 'g', 'o')
  await openRow(leading.page, 'Lucía Barrientos')
  await handsOff(answering.page)
  await press(answering.page, 'p')
  await answering.page.getByRole('menuitemcheckbox', { name: 'Urgente' }).click()
  await eventually(
    async () => (await dueAtMs(world, lucia, 'first_response')) ?? Infinity,
  ).toBeLessThan(Date.now() + 21 * MINUTE_MS)
  await expect(answering.page.getByRole('log')).toContainText('La pusiste en prioridad urgente')
  for (const { page, problems } of [answering, leading]) {
    await expect(
      clock(openConversation(page, 'Lucía Barrientos').locator('header'), 'first_response'),
    ).toHaveText(/\b(1\d|20) min/)
    expect(problems).toEqual([])
  }
  await expect(leading.page.getByRole('log')).toContainText(
    'Mariana Solís la puso en prioridad urgente',
  )
})

/** @param main the window whose settings choose the theme */
async function inBothThemes(main: Page, page: Page, where: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await main.evaluate((to) => window.parley.call('preferences.set', { theme: to }), theme)
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
    await page
      .locator('body')
      .evaluate((body) =>
        Promise.all(body.getAnimations({ subtree: true }).map((one) => one.finished)),
      )
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
    const found = violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((one) => one.html).join('; ')}`,
    )
    expect.soft(found, `${where}, ${theme}`).toEqual([])
  }
}

/** What this workstation has had its operating system tell: title and body of each. */
function notifications({ app }: StaffedWorkstation): Promise<string[]> {
  return app.evaluate(() => {
    const host = (
      globalThis as { __electronHost?: { log: { notifications: Record<string, string>[] } } }
    ).__electronHost
    return (host?.log.notifications ?? []).map(({ title, body }) => `${title} ${body}`)
  })
}

/** HH:MM here, so long after now. */
function timeOfDay(afterMs: number): string {
  const at = new Date(Date.now() + afterMs)
  return [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':')
}
