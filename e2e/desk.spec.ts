/// <reference lib="dom" />
import { expect, type Page } from '@playwright/test'

import { test } from './support/crew.ts'
import { eventually } from './support/eventually.ts'
import { age, placed, promise, promiseAnew } from './support/service-level.ts'
import { type World } from './support/world.ts'

/** Where the keyboard is, what is said aloud, and which times are shown: what every desktop program gets right. */

const LUCIA = { phone: '5215550192093', name: 'Lucía Barrientos' }
const OSCAR = { phone: '5215550192094', name: 'Óscar Villaseñor' }
const HECTOR = { phone: '5215550192095', name: 'Héctor Quintanilla' }

const row = (page: Page, name: string) => page.getByRole('option', { name: new RegExp(name) })
const composer = (page: Page) => page.getByRole('textbox', { name: /Respuesta a/ })
const thread = (page: Page) => page.getByRole('log')
const news = (page: Page) => page.locator('[data-thread-news]')

const hire = (world: World, fullName: string, role: 'agent' | 'team_lead' = 'agent') =>
  world.addPerson({ fullName, role, teams: ['sales'], capacity: 0 })

/** What has the focus, by its pane and what it is; the page as such is nobody's place. */
const focusOf = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement
    if (element === null || element === document.body) return 'nowhere'
    const pane = element.closest('[data-pane]')?.getAttribute('data-pane') ?? 'over the panes'
    return `${pane}: ${element.getAttribute('role') ?? element.tagName.toLowerCase()}`
  })
const focusGoesTo = (page: Page, place: string) => eventually(() => focusOf(page)).toBe(place)

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

async function open(page: Page, name: string): Promise<void> {
  await page.mouse.move(700, 20)
  await row(page, name).click()
  await page.mouse.move(700, 20)
  await expect(page.getByRole('region', { name: `Conversación con ${name}` })).toBeVisible()
}

async function claim(page: Page, name: string): Promise<void> {
  await open(page, name)
  await page.keyboard.press('c')
  await expect(composer(page)).toBeVisible()
}

test('after closing, releasing or losing a conversation the keyboard is where one looks next', async ({
  world,
  signIn,
}) => {
  await promise(world, {})
  const { page, problems } = await signIn(await hire(world, 'Mariana Solís'))
  for (const customer of [LUCIA, OSCAR, HECTOR]) {
    await world.write(customer, 'Quiero comprar un plan')
    await placed(world, customer)
  }
  await press(page, 'g', 'q')
  await expect(row(page, LUCIA.name)).toBeVisible()

  await claim(page, LUCIA.name)
  await composer(page).focus()
  await page.getByRole('button', { name: 'Cerrar', exact: true }).click()
  await page.getByRole('menuitem').first().press('Enter')
  await expect(composer(page)).toHaveCount(0)
  await focusGoesTo(page, 'conversation: log')

  await claim(page, OSCAR.name)
  await composer(page).focus()
  await page.getByRole('button', { name: 'Más' }).click()
  await page.getByRole('menuitem', { name: /Soltar/ }).press('Enter')
  await expect(composer(page)).toHaveCount(0)
  await focusGoesTo(page, 'conversation: log')

  await claim(page, HECTOR.name)
  await composer(page).focus()
  const boss = await signIn(await hire(world, 'Lidia Ochoa', 'team_lead'))
  await press(boss.page, 'g', 'o')
  await open(boss.page, HECTOR.name)
  await thread(boss.page).focus()
  await boss.page.keyboard.press('Shift+T')
  await expect(composer(page)).toHaveCount(0)
  await focusGoesTo(page, 'conversation: log')
  for (const one of [problems, boss.problems]) expect(one).toEqual([])
})

test('a dialog, a sheet and a menu give the keyboard back to where it was', async ({
  world,
  signIn,
}) => {
  await promise(world, {})
  const { page, problems } = await signIn(await hire(world, 'Mariana Solís'))
  await world.write(LUCIA, 'Quiero comprar un plan')
  await press(page, 'g', 'q')
  await claim(page, LUCIA.name)
  for (const [key, opened] of [
    ['t', 'dialog'],
    ['Control+k', 'dialog'],
    ['l', 'dialog'],
    ['p', 'menu'],
  ] as const) {
    await thread(page).focus()
    await page.keyboard.press(key)
    await expect(page.getByRole(opened)).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole(opened)).toHaveCount(0)
    if (opened === 'dialog') await focusGoesTo(page, 'conversation: log')
    else await eventually(() => focusOf(page)).not.toBe('nowhere')
  }
  expect(problems).toEqual([])
})

test('an alert that is acknowledged leads to the next one, and the last back to the work', async ({
  world,
  signIn,
}) => {
  await promise(world, {})
  const { page, problems } = await signIn(await hire(world, 'Lidia Ochoa', 'team_lead'))
  for (const customer of [LUCIA, OSCAR, HECTOR]) {
    await world.write(customer, 'Quiero comprar un plan')
    await age(world, await placed(world, customer), 30)
  }
  await promiseAnew(world, { firstResponseSeconds: 60 })
  await expect(page.locator('[data-alert-count="3"]')).toBeVisible()

  await press(page, 'g', 'a')
  const lines = page.locator('li[data-alert-id]')
  await expect(lines).toHaveCount(3)
  const second = await lines.nth(1).getAttribute('data-alert-id')
  await lines
    .first()
    .getByRole('button', { name: /^Acusar|^Confirmar/ })
    .press('Enter')
  await expect(lines).toHaveCount(2)
  await eventually(() =>
    page.evaluate(() => (document.activeElement as HTMLElement).dataset['alertId']),
  ).toBe(second)

  await press(page, 'g', 'm')
  // Until the list is read the pane has other things to go to.
  await expect(page.locator('[data-pane=list]').getByRole('listbox')).toBeVisible()
  await press(page, 'F6', 'F6')
  const before = await focusOf(page)
  for (const left of [1, 0]) {
    await page.keyboard.press('Control+Shift+a')
    await expect(page.locator('[data-alert-id]:focus')).toBeVisible()
    await page.keyboard.press('a')
    await expect(page.locator(`[data-alert-count="${left}"]`)).toBeVisible()
  }
  await focusGoesTo(page, before)
  expect(problems).toEqual([])
})

test('an offer that is passed gives the keyboard back', async ({ world, signIn }) => {
  await world.pool.query(`UPDATE team_settings SET routing_mode = 'offer' WHERE team_id = $1`, [
    world.teams.sales,
  ])
  const { page, problems } = await signIn(
    await world.addPerson({ fullName: 'Mariana Solís', role: 'agent', teams: ['sales'] }),
  )
  await press(page, 'F6', 'F6')
  const before = await focusOf(page)
  expect(before).not.toBe('nowhere')
  await world.write(LUCIA, 'Quiero comprar un plan')
  const offer = page.getByRole('group', { name: `Oferta: ${LUCIA.name}` })
  await expect(offer).toBeVisible()
  await press(page, 'g', 'f')
  await expect(offer).toBeFocused()
  await page.keyboard.press('x')
  await expect(offer).toHaveCount(0)
  await focusGoesTo(page, before)
  expect(problems).toEqual([])
})

test('a screen reader hears what arrives, not what is scrolled in, and knows the list’s groups', async ({
  world,
  signIn,
}) => {
  await promise(world, {})
  const { page, problems } = await signIn(await hire(world, 'Mariana Solís'))
  for (let n = 1; n <= 90; n += 1) await world.write(LUCIA, `Quiero comprar un plan, ${n}`)
  await press(page, 'g', 'q')
  await expect(row(page, LUCIA.name)).toContainText('plan, 90')
  await expect(
    page
      .getByRole('listbox')
      .getByRole('group', { name: /En cola/ })
      .getByRole('option'),
  ).toHaveCount(1)
  await claim(page, LUCIA.name)
  await expect(thread(page)).toHaveAttribute('aria-live', 'off')
  await thread(page).focus()
  // Older ones come in above without a jump: then the top is further up.
  await eventually(async () => {
    await thread(page).press('Home')
    return thread(page).innerText()
  }).toMatch(/plan, 1\b/)
  await expect(news(page)).toBeEmpty()

  await world.write(LUCIA, '¿Siguen ahí?')
  await expect(news(page)).toHaveText('Lucía Barrientos: ¿Siguen ahí?')
  await composer(page).fill('Aquí seguimos')
  await composer(page).press('Enter')
  await expect(thread(page)).toContainText('Aquí seguimos')
  await expect(news(page)).toHaveText('Lucía Barrientos: ¿Siguen ahí?')
  expect(problems).toEqual([])
})

test('when the machine’s zone changes, the times change without a restart', async ({
  world,
  signIn,
}) => {
  await promise(world, {})
  const { page, problems } = await signIn(await hire(world, 'Mariana Solís'))
  await world.write(LUCIA, 'Quiero comprar un plan')
  await press(page, 'g', 'q')
  await open(page, LUCIA.name)
  const shownAt = () => thread(page).locator('[data-message-id] time').first().innerText()
  const hourIn = (timeZone: string, at: string) =>
    new Intl.DateTimeFormat('en-GB', { timeZone, hour: 'numeric', minute: '2-digit' })
      .format(new Date(at))
      .replace(/^0(?=\d)/, '')
  const at = await thread(page).locator('[data-message-id] time').first().getAttribute('datetime')
  const session = await page.context().newCDPSession(page)
  for (const timezoneId of ['Asia/Tokyo', 'America/Mexico_City', 'Asia/Kolkata']) {
    await session.send('Emulation.setTimezoneOverride', { timezoneId })
    await page.evaluate(() => window.dispatchEvent(new Event('focus')))
    await eventually(shownAt).toBe(hourIn(timezoneId, at ?? ''))
  }
  expect(problems).toEqual([])
})

test('prose is checked for spelling, names and searches are not', async ({ world, signIn }) => {
  await promise(world, {})
  const { page } = await signIn(await hire(world, 'Mariana Solís'))
  await world.write(LUCIA, 'Quiero comprar un plan')
  await press(page, 'g', 'q')
  await claim(page, LUCIA.name)
  const isChecked = (element: HTMLElement | SVGElement) => (element as HTMLElement).spellcheck
  expect(await composer(page).evaluate(isChecked)).toBe(true)
  await page.keyboard.press('Control+k')
  expect(await page.getByRole('combobox').evaluate(isChecked)).toBe(false)
})
