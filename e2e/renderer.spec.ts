/// <reference lib="dom" />
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import AxeBuilder from '@axe-core/playwright'
import { type BridgeResult, type Reading, type ThreadPage } from '@parley/contracts'
import { expect, type Locator, type Page } from '@playwright/test'

import { test } from './support/crew.ts'
import { launchWorkstation, type RunningWorkstation } from './support/workstation.ts'
import { type Person, type World } from './support/world.ts'
import { signInAs } from './support/sign-in.ts'

/**
 * The workstation's pages as a person uses them, on the real engine and server. In a shared world: nobody is
 * assigned anything by itself (a capacity of 0), and each test has its own people and customers.
 */

interface Desk extends RunningWorkstation {
  person: Person
  userData: string
}

let world: World
const folders: string[] = []
const open = new Set<RunningWorkstation>()

test.beforeEach(({ sharedWorld }) => {
  world = sharedWorld
})
test.afterEach(async () => {
  await Promise.all([...open].map(quit))
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

type Hired = Partial<Parameters<World['addPerson']>[0]>
const hire = (fullName: string, more: Hired = {}) =>
  world.addPerson({ fullName, role: 'agent', teams: ['sales'], capacity: 0, ...more })

async function sitDown(person: Person, userData = newFolder()): Promise<Desk> {
  const running = await launchWorkstation({ userData, serverUrl: world.serverUrl })
  open.add(running)
  const { page } = running
  if ((await page.locator('html').getAttribute('data-session')) === 'signed_out') {
    await signInAs(page, person)
  }
  await expect(page.locator('html[data-session=signed_in]')).toBeAttached()
  await expect(page.getByRole('navigation').getByRole('button', { name: /Sales/ })).toBeVisible()
  return { ...running, person, userData }
}

async function quit(desk: RunningWorkstation): Promise<void> {
  for (const running of open) if (running.app === desk.app) open.delete(running)
  await desk.close()
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-e2e-'))
  folders.push(folder)
  return folder
}

let customers = 0
/** A customer with a first message that triage gives to sales. */
async function customerWrites(name: string, text = 'Quiero comprar un plan') {
  customers += 1
  const customer = { phone: `52155501${String(customers).padStart(5, '0')}`, name }
  await world.write(customer, text)
  return customer
}

const row = (page: Page, name: string) => page.getByRole('option', { name: new RegExp(name) })
const bubble = (page: Page, text: string) => page.locator('[data-message-id]', { hasText: text })
const composer = (page: Page) => page.getByRole('textbox', { name: /Respuesta a/ })
const thread = (page: Page) => page.getByRole('log')
const isOnline = (page: Page) => expect(page.locator('html[data-connection=online]')).toBeAttached()

async function openRow(page: Page, name: string): Promise<void> {
  // Under the pointer the list keeps its order and lets nothing in.
  await page.mouse.move(700, 20)
  await row(page, name).click()
  await page.mouse.move(700, 20)
  await expect(page.getByRole('region', { name: `Conversación con ${name}` })).toBeVisible()
}

/** In nobody's field: the keys are the window's. */
async function leaveFields(page: Page): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
}

/** A customer's conversation, opened and claimed. */
async function owned(page: Page, name: string, text?: string) {
  const customer = await customerWrites(name, text)
  await openRow(page, name)
  await leaveFields(page)
  await page.keyboard.press('c')
  await expect(composer(page)).toBeVisible()
  await expect(thread(page)).toContainText('La reclamaste')
  return customer
}

async function reply(page: Page, text: string): Promise<void> {
  await composer(page).fill(text)
  await composer(page).press('Enter')
}

test('claims from the queue and releases to it, by keys alone', async () => {
  const { page, problems } = await sitDown(await hire('Mariana Solís'))
  await customerWrites('Lucía Barrientos')
  await page.keyboard.press('g')
  await page.keyboard.press('q')
  await expect(page.getByRole('heading', { name: 'Sales', level: 1 })).toBeVisible()
  await expect(row(page, 'Lucía Barrientos')).toBeVisible()
  await expect(page.getByRole('listbox')).toBeFocused()
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Nadie la lleva. Reclámala para responder.')).toBeVisible()
  await page.keyboard.press('c')
  await expect(composer(page)).toBeVisible()
  await expect(thread(page)).toContainText('La reclamaste')
  await page.keyboard.press('r')
  await expect(composer(page)).toBeFocused()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Shift+S')
  await expect(thread(page)).toContainText('La soltaste a la cola')
  await expect(composer(page)).toBeHidden()

  await page.keyboard.press('Control+Enter')
  await expect(composer(page)).toBeVisible()
  expect(problems).toEqual([])
})

test('hands over to a team, to a colleague and by a lead, by keys alone', async () => {
  const [agent, colleague, lead] = await Promise.all([
    hire('Renata Olvera'),
    hire('Bruno Castañeda'),
    hire('Paola Aréchiga', { role: 'team_lead' }),
  ])
  const { page, problems } = await sitDown(agent)
  const theirs = await sitDown(colleague)
  await owned(page, 'Amalia Toscano')
  await page.keyboard.press('t')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.type('support')
  await expect(page.getByRole('option', { name: /Support/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeHidden()
  // Another team's: it is out of this person's sight now, which the pane says.
  await expect(page.getByText('Esta conversación ya no está a tu alcance')).toBeVisible()

  await owned(page, 'Celso Ibarra')
  await page.keyboard.press('t')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.type('castane')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Ya le di los precios')
  await page.keyboard.press('Enter')
  await expect(thread(page)).toContainText('La transferiste a Bruno Castañeda')
  await openRow(theirs.page, 'Celso Ibarra')
  await expect(thread(theirs.page)).toContainText('Renata Olvera te la transfirió')
  await expect(thread(theirs.page)).toContainText('Ya le di los precios')
  await quit(theirs)

  const boss = await sitDown(lead)
  await customerWrites('Delfina Robles')
  // Who takes no conversations begins at the wallboard.
  await expect(boss.page.getByRole('heading', { name: 'Tablero' })).toBeVisible()
  await boss.page.getByRole('button', { name: /^Abiertas/ }).click()
  await openRow(boss.page, 'Delfina Robles')
  await leaveFields(boss.page)
  await boss.page.keyboard.press('Shift+A')
  await expect(boss.page.getByRole('dialog')).toBeVisible()
  await boss.page.keyboard.type('renata')
  await boss.page.keyboard.press('Enter')
  await expect(thread(boss.page)).toContainText('La asignaste a Renata Olvera')
  await openRow(page, 'Delfina Robles')
  await expect(thread(page)).toContainText('Paola Aréchiga te la asignó')

  await boss.page.keyboard.press('Shift+T')
  await expect(thread(boss.page)).toContainText('La tomaste')
  await expect(thread(page)).toContainText('Paola Aréchiga la tomó')
  await expect(composer(page)).toBeHidden()
  expect([...problems, ...boss.problems]).toEqual([])
})

test('is told of a thread what has changed in it', async () => {
  const { page, problems } = await sitDown(await hire('Mariana Solís'))
  const customer = await owned(page, 'Brenda Cuevas', 'Quiero comprar uno')
  const conversationId = await page
    .locator('[data-open-conversation]')
    .getAttribute('data-open-conversation')
  const readAgain = async (held: number | null) => {
    const input = { conversationId, before: null, limit: 500 }
    const result = await page.evaluate(
      ([asked, known]) => window.parley.read('conversation.thread', asked, known),
      [input, held] as const,
    )
    return result as BridgeResult<Reading<ThreadPage>>
  }
  const first = await readAgain(null)
  if (!first.ok) throw new Error(first.error.code)
  expect(first.value).toHaveProperty('whole')
  const { id } = first.value
  expect(await readAgain(id)).toEqual({ ok: true, value: { id, changes: null } })
  for (const text of ['Que sea azul', 'Y dos verdes']) {
    await world.write(customer, text)
    await expect(bubble(page, text)).toBeVisible()
  }
  const second = await readAgain(id)
  expect(second).toMatchObject({ ok: true, value: { changes: { fields: expect.any(Array) } } })
  expect(JSON.stringify(second)).toContain('Y dos verdes')
  expect(JSON.stringify(second)).not.toContain('Quiero comprar uno')
  expect(problems).toEqual([])
})

test('closes with a reason and opens again', async () => {
  const { page } = await sitDown(await hire('Ximena Duarte'))
  await owned(page, 'Efraín Quiroz')
  await page.keyboard.press('e')
  await expect(page.getByRole('menu')).toBeVisible()
  await page.getByRole('menuitem', { name: 'Sin respuesta del cliente' }).click()
  await expect(thread(page)).toContainText('La cerraste: sin respuesta del cliente')
  await expect(row(page, 'Efraín Quiroz')).toHaveCount(0)
  await page.keyboard.press('g')
  await page.keyboard.press('e')
  await expect(row(page, 'Efraín Quiroz')).toBeVisible()
  await page.keyboard.press('Shift+O')
  await expect(thread(page)).toContainText('La reabriste')
})

test('shows a colleague who is away and why', async () => {
  const [agent, colleague] = await Promise.all([hire('Nadia Cordero'), hire('Óscar Villaseñor')])
  const mine = await sitDown(agent)
  const theirs = await sitDown(colleague)
  await isOnline(theirs.page)
  await theirs.page.keyboard.press('Control+.')
  await theirs.page.getByRole('menuitemcheckbox', { name: 'Comida' }).click()
  await expect(theirs.page.getByRole('button', { name: /Ausente, comida/ })).toBeVisible()
  await owned(mine.page, 'Fabiola Pineda')
  await mine.page.keyboard.press('t')
  await expect(mine.page.getByRole('dialog')).toBeVisible()
  await mine.page.keyboard.type('villas')
  await expect(
    mine.page.getByRole('option', { name: /Óscar Villaseñor.*Ausente, comida/ }),
  ).toBeVisible()
})

test('writes: a saved answer by its slash, lines by Shift, and a draft that stays', async () => {
  const person = await hire('Irene Bustos')
  await world.pool.query(
    `INSERT INTO canned_responses (shortcut, title, content, created_by)
     VALUES ('precios', 'Precios', 'Hola, {nombre}. Te mando los precios.', $1)`,
    [person.id],
  )
  const desk = await sitDown(person)
  const { page } = desk
  await owned(page, 'Gonzalo Marín')
  await composer(page).focus()
  await page.keyboard.type('/prec')
  await expect(page.getByRole('listbox', { name: 'Respuestas guardadas' })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(composer(page)).toHaveValue('Hola, Gonzalo. Te mando los precios.')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('Avísame.')
  await page.keyboard.press('Enter')
  const sent = bubble(page, 'Avísame.')
  await expect(sent).toHaveAttribute('data-status', 'read')
  expect(world.graph.accepted.at(-1)?.text).toBe('Hola, Gonzalo. Te mando los precios.\nAvísame.')

  await owned(page, 'Hilda Navarro')
  await page.keyboard.press('r')
  await expect(composer(page)).toBeFocused()
  await page.keyboard.type('A medio escri')
  await page.keyboard.press('Control+1')
  await expect(page.locator('[data-open-conversation]')).toBeVisible()
  await openRow(page, 'Gonzalo Marín')
  await expect(composer(page)).toHaveValue('')
  await openRow(page, 'Hilda Navarro')
  await expect(composer(page)).toHaveValue('A medio escri')
  await composer(page).focus()
  await page.keyboard.press('End')
  await page.keyboard.type('bir')
  // At once, as a person does who is late for the train.
  await quit(desk)
  const again = await sitDown(person, desk.userData)
  await openRow(again.page, 'Hilda Navarro')
  await expect(composer(again.page)).toHaveValue('A medio escribir')
})

test('a failed send says why, goes again or is given up', async () => {
  const { page } = await sitDown(await hire('Julieta Ferrer'))
  await owned(page, 'Ignacio Landa')
  world.graph.fail({ kind: 'error', code: 131026 }, { kind: 'error', code: 131026 })
  await reply(page, 'Primer intento')
  const first = bubble(page, 'Primer intento')
  await expect(first).toHaveAttribute('data-status', 'failed')
  await expect(first).toContainText('No se envió: este número no puede recibirlo.')
  await expect(thread(page)).toContainText('La respuesta no llegó: el cliente sigue esperando')
  await reply(page, 'Segundo intento')
  const second = bubble(page, 'Segundo intento')
  await expect(second).toHaveAttribute('data-status', 'failed')

  await first.getByRole('button', { name: 'Reintentar' }).click()
  await expect(first).toHaveAttribute('data-status', 'read')
  await second.getByRole('button', { name: 'Descartar' }).click()
  await expect(second).toHaveCount(0)
  expect(world.graph.accepted.map(({ text }) => text)).not.toContain('Segundo intento')
})

test('a send that may have gone out waits for a person’s word, online and off', async () => {
  test.setTimeout(90_000)
  const { page } = await sitDown(await hire('Karla Espino'))
  await owned(page, 'Leonor Trejo')
  const unsure = async (text: string) => {
    world.graph.fail({ kind: 'error', code: 131000, httpStatus: 500 })
    await reply(page, text)
    await expect(bubble(page, text)).toHaveAttribute('data-status', 'ambiguous')
    await expect(bubble(page, text)).toContainText('No sabemos si llegó')
    return bubble(page, text)
  }
  const again = await unsure('Se manda otra vez')
  await again.getByRole('button', { name: 'Enviar otra vez' }).click()
  await expect(again).toHaveAttribute('data-status', 'read')
  const known = await unsure('Sí llegó')
  await known.getByRole('button', { name: 'Dar por enviada' }).click()
  await expect(known).toHaveAttribute('data-status', 'sent')
  const dropped = await unsure('Mejor no')

  await world.stopServer()
  await expect(page.locator('html[data-connection=offline]')).toBeAttached()
  await dropped.getByRole('button', { name: 'Descartar' }).click()
  await expect(dropped).toContainText('Se aplica al volver la conexión')
  await expect(dropped.getByRole('button', { name: 'Enviar otra vez' })).toHaveCount(0)
  await world.startServer()
  await expect(dropped).toHaveCount(0, { timeout: 30_000 })
})

test('what a colleague was faster with is refused, with the words kept and the choices shown', async () => {
  test.setTimeout(120_000)
  const [agent, lead] = await Promise.all([
    hire('Lorena Zamudio'),
    hire('Mateo Escalante', { role: 'team_lead' }),
  ])
  const desk = await sitDown(agent)
  await owned(desk.page, 'Noé Carranza')
  await customerWrites('Olga Peralta')
  await expect(row(desk.page, 'Olga Peralta')).toBeVisible()
  await world.stopServer()
  await expect(desk.page.locator('html[data-connection=offline]')).toBeAttached()
  await reply(desk.page, 'Escrito en el túnel')
  await expect(bubble(desk.page, 'Escrito en el túnel')).toHaveAttribute('data-status', 'waiting')
  await openRow(desk.page, 'Olga Peralta')
  await leaveFields(desk.page)
  await desk.page.keyboard.press('c')
  await expect(composer(desk.page)).toBeVisible()
  // The lid is shut before the connection is back.
  await quit(desk)

  await world.startServer()
  const boss = await sitDown(lead)
  await boss.page.keyboard.press('g')
  await boss.page.keyboard.press('o')
  await openRow(boss.page, 'Noé Carranza')
  await reply(boss.page, 'Yo le contesto')
  await expect(bubble(boss.page, 'Yo le contesto')).toHaveAttribute('data-status', 'read')
  await openRow(boss.page, 'Olga Peralta')
  await leaveFields(boss.page)
  await boss.page.keyboard.press('c')
  await expect(thread(boss.page)).toContainText('La reclamaste')

  const { page, problems } = await sitDown(agent, desk.userData)
  const status = page.getByRole('status').filter({ hasText: '2 acciones esperan tu decisión' })
  await expect(status).toBeVisible()
  await openRow(page, 'Olga Peralta')
  const lost = page.getByRole('group', { name: 'Acción sin enviar' })
  await expect(lost).toContainText(/Mateo Escalante la reclamó a las? \d{1,2}:\d\d/)
  await lost.getByRole('button', { name: 'Entendido' }).click()
  await expect(lost).toHaveCount(0)

  await openRow(page, 'Noé Carranza')
  const refused = page.getByRole('group', { name: 'Acción sin enviar' })
  await expect(refused).toContainText(/Mateo Escalante respondió a las? \d{1,2}:\d\d/)
  await expect(refused).toContainText('Escrito en el túnel')
  await expect(refused.getByRole('button', { name: 'Enviar así' })).toBeVisible()
  await refused.getByRole('button', { name: 'Editar y enviar' }).click()
  await expect(refused).toHaveCount(0)
  await expect(composer(page)).toHaveValue('Escrito en el túnel')
  await composer(page).press('Enter')
  await expect(bubble(page, 'Escrito en el túnel')).toHaveAttribute('data-status', 'read')
  await expect(status).toHaveCount(0)
  expect(problems).toEqual([])
})

test('a found message is shown where it stands, and marked', async () => {
  const { page } = await sitDown(await hire('Octavio Rueda'))
  const customer = await owned(page, 'Petra Guzmán', 'Quiero comprar la funda turquesa')
  for (let n = 1; n <= 120; n += 1) await world.write(customer, `línea ${n} de una historia larga`)
  await expect(bubble(page, 'línea 120')).toBeVisible()
  await expect(bubble(page, 'turquesa')).toHaveCount(0)
  await owned(page, 'Quirino Salas')

  await page.keyboard.press('Control+f')
  await page.keyboard.type('turquesa')
  await expect(page.getByRole('dialog').getByRole('option', { name: /turquesa/ })).toBeVisible()
  await page.keyboard.press('Enter')
  const found = bubble(page, 'turquesa')
  await expect(found).toBeInViewport()
  await expect(found).toHaveAttribute('data-marked', 'true')
  await expect(found).toHaveAttribute('data-marked', 'false')
  await expect(found).toBeInViewport()

  // Where the conversation is open already, as well.
  await page.getByRole('button', { name: 'Ir al final' }).click()
  await expect(bubble(page, 'línea 120')).toBeInViewport()
  await page.keyboard.press('Control+f')
  await page.keyboard.type('línea 47')
  await expect(page.getByRole('dialog').getByRole('option', { name: /línea 47/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(bubble(page, 'línea 47 ')).toBeInViewport()
})

test('language, theme and panel are kept; the window’s own buttons work', async () => {
  const person = await hire('Rosaura Tello')
  const desk = await sitDown(person)
  const { page } = desk
  await page.keyboard.press('Control+Shift+L')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.getByRole('button', { name: 'Ajustes' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'English' }).click()
  await expect(page.getByRole('heading', { name: 'Mine', level: 1 })).toBeVisible()
  const window = page.getByRole('group', { name: 'Window' })
  await window.getByRole('button', { name: 'Maximise' }).click()
  await expect(window.getByRole('button', { name: 'Restore' })).toBeVisible()
  await quit(desk)

  const again = await sitDown(person, desk.userData)
  await expect(again.page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(again.page.getByRole('heading', { name: 'Mine', level: 1 })).toBeVisible()
  const closed = again.app.waitForEvent('close')
  await again.page
    .getByRole('group', { name: 'Window' })
    .getByRole('button', { name: 'Close window' })
    .click()
  open.clear()
  await closed
})

test('nothing in either theme that keeps anybody out', async () => {
  test.setTimeout(120_000)
  const person = await hire('Silvia Montes')
  const running = await launchWorkstation({ userData: newFolder(), serverUrl: world.serverUrl })
  open.add(running)
  const { page } = running
  await inBothThemes(page, 'sign-in')

  await signInAs(page, person)
  await isOnline(page)
  await customerWrites('Tadeo Urrutia')
  await expect(row(page, 'Tadeo Urrutia')).toBeVisible()
  await inBothThemes(page, 'inbox')

  await owned(page, 'Úrsula Vidal')
  world.graph.fail({ kind: 'error', code: 131026 })
  await reply(page, 'No va a salir')
  await expect(bubble(page, 'No va a salir')).toHaveAttribute('data-status', 'failed')
  world.graph.fail({ kind: 'error', code: 131000, httpStatus: 500 })
  await reply(page, 'Quién sabe')
  await expect(bubble(page, 'Quién sabe')).toHaveAttribute('data-status', 'ambiguous')
  await inBothThemes(page, 'conversation')

  await page.keyboard.press('Control+k')
  await page.keyboard.type('tadeo')
  // Found a moment after the typing, and chosen all the same.
  await expect(
    page.getByRole('dialog').getByRole('option', { name: /Tadeo Urrutia/, selected: true }),
  ).toBeVisible()
  await inBothThemes(page, 'palette')
  await page.keyboard.press('Escape')
  await leaveFields(page)
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Atajos de teclado' })).toBeVisible()
  await inBothThemes(page, 'help sheet')
})

async function inBothThemes(page: Page, where: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.evaluate((to) => window.parley.call('preferences.set', { theme: to }), theme)
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
    await settled(page.locator('body'))
    // Electron has no pages to open: axe must not try to finish its run in one.
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
    const found = violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((one) => one.html).join('; ')}`,
    )
    expect(found, `${where}, ${theme}`).toEqual([])
  }
}

/** Colours that are still on their way to the other theme are no finding. */
async function settled(element: Locator): Promise<void> {
  await element.evaluate((body) =>
    Promise.all(body.getAnimations({ subtree: true }).map((one) => one.finished)),
  )
}
